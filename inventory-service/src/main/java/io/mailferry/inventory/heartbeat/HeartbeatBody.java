package io.mailferry.inventory.heartbeat;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.inventory.protocol.Field;
import io.mailferry.inventory.protocol.JsonBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A heartbeat's body, read in two goes: its beginning at once, and the rest of a large one only for a caller who is known
 * and when it is its turn, since large ones are what fills the memory.
 */
final class HeartbeatBody {
    /** What is taken from anybody. */
    static final int SMALL_BYTES_MAX = 64 * 1024;

    /** Of a body that came compressed. */
    static final int INFLATED_BYTES_MAX = 8 * 1024 * 1024;

    private static final String WHOLE = "body";

    private final InputStream rest;
    private final byte[] beginning;
    private final boolean isCompressed;
    private final Semaphore turns;
    private final long turnWithinMillis;

    private HeartbeatBody(
            InputStream rest, byte[] beginning, boolean isCompressed, Semaphore turns, long turnWithinMillis) {
        this.rest = rest;
        this.beginning = beginning;
        this.isCompressed = isCompressed;
        this.turns = turns;
        this.turnWithinMillis = turnWithinMillis;
    }

    /**
     * @param encoding the header {@code Content-Encoding}, if there was one
     * @param turns of large bodies
     * @throws ProblemException 400 for an encoding other than gzip, and when the body breaks off
     */
    static HeartbeatBody begin(InputStream body, @Nullable String encoding, Semaphore turns, long turnWithinMillis) {
        String named = encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
        boolean isCompressed = switch (named) {
            case "identity", "" -> false;
            case "gzip", "x-gzip" -> true;
            default -> throw ProblemException.invalid(WHOLE, "The body's encoding is neither gzip nor identity.");
        };
        return new HeartbeatBody(body, read(body, SMALL_BYTES_MAX + 1), isCompressed, turns, turnWithinMillis);
    }

    /** Whether more is to come than is taken from anybody. */
    boolean isLarge() {
        return isCompressed || beginning.length > SMALL_BYTES_MAX;
    }

    /**
     * The whole, as JSON. While a large one is read and looked through it has one of the turns.
     *
     * @throws ProblemException 413 over a limit, 400 if it is not one JSON object, 503 if its turn did not come
     */
    Field parse() {
        if (!isLarge()) {
            return JsonBody.parse(beginning);
        }
        takeTurn();
        try {
            return JsonBody.parse(isCompressed ? inflated(whole()) : whole());
        } finally {
            turns.release();
        }
    }

    private void takeTurn() {
        try {
            if (!turns.tryAcquire(turnWithinMillis, TimeUnit.MILLISECONDS)) {
                throw ProblemException.unavailable("Too many large heartbeats wait; send the next one later.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("The service is stopping; send the next heartbeat later.");
        }
    }

    private byte[] whole() {
        byte[] more = read(rest, JsonBody.BYTES_MAX + 1 - beginning.length);
        byte[] whole = Arrays.copyOf(beginning, beginning.length + more.length);
        System.arraycopy(more, 0, whole, beginning.length, more.length);
        if (whole.length > JsonBody.BYTES_MAX) {
            throw ProblemException.tooLarge("The body is over " + JsonBody.BYTES_MAX + " bytes.");
        }
        return whole;
    }

    private static byte[] inflated(byte[] compressed) {
        try (InputStream inflating = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] bytes = inflating.readNBytes(INFLATED_BYTES_MAX + 1);
            if (bytes.length > INFLATED_BYTES_MAX) {
                throw ProblemException.tooLarge("The body is over " + INFLATED_BYTES_MAX + " bytes when inflated.");
            }
            return bytes;
        } catch (IOException e) {
            throw ProblemException.invalid(WHOLE, "The body is not whole in gzip.");
        }
    }

    private static byte[] read(InputStream body, int bytesMax) {
        try {
            return body.readNBytes(bytesMax);
        } catch (IOException e) {
            throw ProblemException.invalid(WHOLE, "The body broke off.");
        }
    }
}
