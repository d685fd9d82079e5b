package io.mailferry.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: an item's size never decides how much memory it takes. Method: a process with a heap of 32 MB, far below what
 * the item of 100 MB would need if anything held it, has to deliver all of it.
 */
final class StreamingIT {

    private static final int BLOCKS = 1024;
    private static final int BLOCK_BYTES = 3 * 34_000;

    @Test
    void readsAnItemOf100MegabytesInAHeapOf32(@TempDir Path directory) throws Exception {
        byte[] block = new byte[BLOCK_BYTES];
        new Random(3).nextBytes(block);
        byte[] encoded = Base64.getEncoder().encode(block);
        MessageDigest expected = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < BLOCKS; i++) {
            expected.update(block);
        }
        String[] frame = StubExchange.answer("GetItem", StubExchange.content("large", "|"))
                .split("\\|");
        try (StubExchange exchange = new StubExchange(null)) {
            exchange.then(e -> {
                e.sendResponseHeaders(200, 0);
                try (OutputStream out = e.getResponseBody()) {
                    out.write(frame[0].getBytes(StandardCharsets.UTF_8));
                    for (int i = 0; i < BLOCKS; i++) {
                        out.write(encoded);
                        out.write('\n');
                    }
                    out.write(frame[1].getBytes(StandardCharsets.UTF_8));
                }
            });
            Path output = directory.resolve("probe.txt");
            Process probe = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx32m",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            StreamingProbe.class.getName(),
                            exchange.url().toString())
                    .redirectOutput(output.toFile())
                    .redirectError(directory.resolve("errors.txt").toFile())
                    .start();

            assertThat(probe.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(output).strip())
                    .isEqualTo(HexFormat.of().formatHex(expected.digest()));
        }
    }
}
