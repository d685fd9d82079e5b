package io.mailferry.archive.page;

import io.mailferry.archive.keys.MacKey;
import io.mailferry.archive.part.AttemptPlace;
import java.security.MessageDigest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The exporter's signature under a restore point: HMAC-SHA256 of {@code restore-point}, a zero byte and a text of lines
 * that end with a line feed. First the form's name, tenant, mailbox and attempt; then one line per folder, skip and
 * gap, sorted within each group, so that the order of JSON does not matter.
 */
public final class WitnessMac {
    public static final int VERSION = 1;

    private static final String PURPOSE = "restore-point";

    private WitnessMac() {}

    static byte[] sign(MacKey key, AttemptPlace place, AttemptEnd end) {
        return key.sign(PURPOSE, text(place, end));
    }

    /** Whether the tenant's key signed this, for this mailbox and attempt. */
    public static boolean verify(MacKey key, AttemptPlace place, AttemptEnd end) {
        return end.macVersion() == VERSION && MessageDigest.isEqual(sign(key, place, end), end.mac());
    }

    static String text(AttemptPlace place, AttemptEnd end) {
        Stream<String> head = Stream.of(
                "mailferry/witness/" + VERSION,
                "tenant " + place.tenant(),
                "mailbox " + place.mailbox(),
                "attempt " + place.attempt());
        Stream<String> folders = end.folders().stream().map(WitnessMac::line).sorted();
        Stream<String> skips = end.carriedSkips().stream()
                .map(skip -> "skip " + skip.item() + " " + skip.folder() + " " + skip.cause())
                .sorted();
        Stream<String> gaps = end.gaps().stream().map(gap -> "gap " + gap).sorted();
        return Stream.of(head, folders, skips, gaps)
                .flatMap(lines -> lines)
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static String line(FolderWitness folder) {
        String head = folder.head() == null ? "-" : folder.head().toString();
        return "folder " + folder.folder() + " " + head + " " + folder.totalBefore() + " " + folder.totalAfter() + " "
                + folder.items() + " " + folder.updates() + " " + folder.deletions() + " " + folder.readFlags() + " "
                + folder.skips();
    }
}
