package io.mailferry.archive.part;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The parts that begin and end an attempt. They bear no key's work, only JSON in clear, cut to what a part may hold. */
public final class AttemptParts {
    private static final int PIECE_BYTES_MAX = 256 * 1024;
    private static final byte[] NOTHING = new byte[0];

    private AttemptParts() {}

    public static List<byte[]> begin(AttemptPlace place, byte[] clear) {
        return parts(Kind.BEGIN, place, clear);
    }

    public static List<byte[]> end(AttemptPlace place, byte[] clear) {
        return parts(Kind.END, place, clear);
    }

    private static List<byte[]> parts(Kind kind, AttemptPlace place, byte[] clear) {
        List<byte[]> parts = new ArrayList<>();
        int sent = 0;
        do {
            int end = Math.min(clear.length, sent + PIECE_BYTES_MAX);
            PartLabel label = new PartLabel(
                    place.tenant(),
                    place.mailbox(),
                    place.attempt(),
                    null,
                    kind,
                    null,
                    null,
                    null,
                    parts.size(),
                    false,
                    end == clear.length,
                    Arrays.copyOfRange(clear, sent, end));
            parts.add(Part.encode(label, NOTHING, NOTHING));
            sent = end;
        } while (sent < clear.length);
        return List.copyOf(parts);
    }
}
