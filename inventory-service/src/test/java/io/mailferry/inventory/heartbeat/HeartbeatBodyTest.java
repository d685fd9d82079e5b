package io.mailferry.inventory.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.inventory.protocol.JsonBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeartbeatBodyTest {
    private final Semaphore turns = new Semaphore(1);

    @Test
    void readsASmallBodyWithoutATurn() {
        turns.drainPermits();

        HeartbeatBody body = begin(text("{\"sequence\":7}"), null);

        assertThat(body.isLarge()).isFalse();
        assertThat(body.parse().at("sequence").count(10)).isEqualTo(7);
    }

    @Test
    void readsALargeOneInItsTurnAndGivesTheTurnBack() {
        HeartbeatBody body = begin(padded(HeartbeatBody.SMALL_BYTES_MAX), "identity");

        assertThat(body.isLarge()).isTrue();
        assertThat(body.parse().at("sequence").count(10)).isEqualTo(7);
        assertThat(turns.availablePermits()).isEqualTo(1);
    }

    @Test
    void inflatesWhatIsLargerThanARawBodyMayBe() {
        byte[] compressed = gzip(padded(4 * JsonBody.BYTES_MAX));

        assertThat(begin(compressed, "GZIP").parse().at("sequence").count(10)).isEqualTo(7);
    }

    @Test
    void refusesABodyThatInflatesBeyondItsLimitWhateverItsSize() {
        byte[] bomb = gzip(padded(200 * 1024 * 1024));
        assertThat(bomb).hasSizeLessThan(JsonBody.BYTES_MAX);

        assertRefused(413, bomb, "gzip");
        assertThat(turns.availablePermits()).isEqualTo(1);
    }

    @Test
    void refusesARawBodyOverOneMebibyteAlsoWhenCompressed() {
        assertRefused(413, padded(JsonBody.BYTES_MAX), null);
        byte[] incompressible = new byte[JsonBody.BYTES_MAX + 1];
        new java.util.Random(1).nextBytes(incompressible);
        assertRefused(413, gzip(incompressible), "gzip");
    }

    @Test
    void refusesWhatIsNotWholeInGzipOrInAnotherEncoding() {
        byte[] compressed = gzip(padded(1_000));
        assertRefused(400, Arrays.copyOf(compressed, compressed.length - 9), "gzip");
        assertRefused(400, text("{\"sequence\":7}"), "gzip");
        assertRefused(400, text("{\"sequence\":7}"), "br");
    }

    @Test
    void refusesAFewBytesThatWouldBecomeAMillionObjects() {
        assertRefused(400, gzip(text("[" + "{},".repeat(1_000_000) + "{}]")), "gzip");
    }

    @Test
    void tellsToComeAgainWhenTheTurnDoesNotCome() {
        turns.drainPermits();

        assertRefused(503, padded(HeartbeatBody.SMALL_BYTES_MAX), null);
    }

    private HeartbeatBody begin(byte[] body, @Nullable String encoding) {
        return HeartbeatBody.begin(new ByteArrayInputStream(body), encoding, turns, 10);
    }

    private void assertRefused(int status, byte[] body, @Nullable String encoding) {
        assertThatThrownBy(() -> begin(body, encoding).parse())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(status));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] padded(int bytes) {
        byte[] body = new byte[bytes + 20];
        Arrays.fill(body, (byte) ' ');
        System.arraycopy(text("{\"sequence\":7}"), 0, body, 0, 14);
        return body;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
