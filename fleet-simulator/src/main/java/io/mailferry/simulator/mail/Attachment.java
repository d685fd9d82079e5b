package io.mailferry.simulator.mail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** One attached file: binary, an image, or a table of text. */
final class Attachment {
    private static final int LINE_BYTES = 57;
    private static final int LINES_AT_ONCE = 288;
    /** 57 bytes become 76 characters and a line break. */
    private static final int LINE_CHARACTERS = 78;

    private static final List<String> NAMES =
            List.of("Bericht für März", "Отчёт", "見積書", "invoice", "plan (final) v2", "Résumé & notes", "x".repeat(90));
    private static final List<String> TYPES = List.of(
            "application/pdf pdf",
            "application/zip zip",
            "application/octet-stream bin",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document docx",
            "image/jpeg jpg",
            "image/png png");

    private final Chance chance;

    Attachment(Chance chance) {
        this.chance = chance;
    }

    /** Writes the part's headers and its content, which takes about this many bytes as encoded. */
    void write(OutputStream out, Script script, long bytes) throws IOException {
        boolean table = bytes < 400_000 && chance.in(0.4);
        String[] type = table
                ? new String[] {"text/csv; charset=utf-8", "csv"}
                : chance.pick(TYPES).split(" ", 2);
        int variant = chance.below(4);
        String name = chance.pick(NAMES) + "." + type[1];
        String head = "Content-Type: " + type[0] + HeaderText.fileName("name", name, variant, script)
                + "\r\nContent-Disposition: attachment" + HeaderText.fileName("filename", name, variant, script);
        out.write((head + "\r\nContent-Transfer-Encoding: " + (table ? "8bit" : "base64") + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        if (table) {
            table(out, bytes);
        } else {
            binary(out, bytes);
        }
    }

    /** Base64 of pseudo-random bytes, which no compression makes smaller than three quarters. */
    void binary(OutputStream out, long encodedBytes) throws IOException {
        Base64.Encoder encoder = Base64.getMimeEncoder(76, new byte[] {'\r', '\n'});
        byte[] block = new byte[LINE_BYTES * LINES_AT_ONCE];
        long rest = Math.max(1, encodedBytes / LINE_CHARACTERS) * LINE_BYTES;
        while (rest > 0) {
            int take = (int) Math.min(rest, block.length);
            chance.fill(block, take);
            out.write(encoder.encode(take == block.length ? block : java.util.Arrays.copyOf(block, take)));
            out.write('\r');
            out.write('\n');
            rest -= take;
        }
    }

    private void table(OutputStream out, long bytes) throws IOException {
        long written = 0;
        int row = 0;
        while (written < bytes) {
            byte[] line = (row++ + ";" + chance.pick(Phrases.BODIES) + ";Größe;" + chance.below(1_000_000) + "\r\n")
                    .getBytes(StandardCharsets.UTF_8);
            out.write(line);
            written += line.length;
        }
    }
}
