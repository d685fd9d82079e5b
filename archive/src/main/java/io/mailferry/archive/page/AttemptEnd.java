package io.mailferry.archive.page;

import io.mailferry.archive.keys.MacKey;
import io.mailferry.archive.part.ArchiveJson;
import io.mailferry.archive.part.AttemptParts;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.part.Damaged;
import java.util.List;

/**
 * What an attempt says when it has sent everything: the exporter's witness for the restore point, signed.
 *
 * @param folders every folder of the mailbox, the hierarchy's pseudo folder too
 * @param gaps words for what the restore point does not cover
 * @param carriedSkips every item that could not be read, of this attempt and carried on from earlier ones
 * @param mac see {@link WitnessMac}
 * @param macVersion of the signed text's form
 */
public record AttemptEnd(
        List<FolderWitness> folders, List<String> gaps, List<CarriedSkip> carriedSkips, byte[] mac, int macVersion) {
    public AttemptEnd {
        folders = List.copyOf(folders);
        gaps = List.copyOf(gaps);
        carriedSkips = List.copyOf(carriedSkips);
        gaps.forEach(Words::require);
    }

    /** Signs what was witnessed. */
    public static AttemptEnd signed(
            MacKey key,
            AttemptPlace place,
            List<FolderWitness> folders,
            List<String> gaps,
            List<CarriedSkip> carriedSkips) {
        AttemptEnd unsigned = new AttemptEnd(folders, gaps, carriedSkips, new byte[0], WitnessMac.VERSION);
        byte[] mac = WitnessMac.sign(key, place, unsigned);
        return new AttemptEnd(folders, gaps, carriedSkips, mac, WitnessMac.VERSION);
    }

    public List<byte[]> parts(AttemptPlace place) {
        return AttemptParts.end(place, ArchiveJson.write(this));
    }

    public static AttemptEnd read(byte[] clear) throws Damaged {
        return ArchiveJson.read(clear, AttemptEnd.class, "attempt end");
    }
}
