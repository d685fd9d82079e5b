package io.mailferry.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** How far one thing is: items, bytes, the mean rate since it began to move, and when it will be done at that rate. */
public final class ProgressBar {
    /** What a bar may be in. */
    public enum State {
        WAITING,
        MOVING,
        DONE,
        FAILED
    }

    private static final long RATE_AFTER_MILLIS = 1000;

    private final String label;
    private final InstantSource clock;
    private State state = State.WAITING;
    private long items;
    private long expected;
    private long bytes;
    private String note = "";
    private @Nullable Instant movingSince;
    private @Nullable Instant endedAt;
    private int tenthShown = -1;
    private State stateShown = State.WAITING;

    ProgressBar(String label, InstantSource clock) {
        this.label = label;
        this.clock = clock;
    }

    /** @param expected 0 while unknown */
    public void moveTo(long items, long bytes, long expected) {
        if (movingSince == null) {
            movingSince = clock.instant();
        }
        if (state == State.WAITING) {
            state = State.MOVING;
        }
        this.items = items;
        this.bytes = bytes;
        this.expected = expected;
    }

    public void done(long items, long bytes, String note) {
        end(State.DONE, note);
        this.items = items;
        this.bytes = bytes;
        this.expected = items;
    }

    /** Changes the words behind the figures. */
    public void note(String words) {
        if (!note.equals(words)) {
            note = words;
            stateShown = State.WAITING;
        }
    }

    /** As {@link #note}, of words that change all the time: without a terminal they are not worth a line. */
    public void remark(String words) {
        note = words;
    }

    public void failed(String note) {
        end(State.FAILED, note);
    }

    private void end(State ended, String why) {
        state = ended;
        note = why;
        if (endedAt == null) {
            endedAt = clock.instant();
        }
    }

    public boolean ended() {
        return switch (state) {
            case WAITING, MOVING -> false;
            case DONE, FAILED -> true;
        };
    }

    String label() {
        return label;
    }

    public State state() {
        return state;
    }

    long items() {
        return items;
    }

    long expected() {
        return expected;
    }

    public long bytes() {
        return bytes;
    }

    String note() {
        return note;
    }

    double share() {
        if (state == State.DONE) {
            return 1;
        }
        return expected == 0 ? 0 : Math.min(1, (double) items / expected);
    }

    Duration elapsed() {
        if (movingSince == null) {
            return Duration.ZERO;
        }
        return Duration.between(movingSince, endedAt == null ? clock.instant() : endedAt);
    }

    /** Empty for the first second, in which a mean says nothing, and before the first byte. */
    OptionalDouble bytesPerSecond() {
        long millis = elapsed().toMillis();
        return bytes == 0 || millis < RATE_AFTER_MILLIS
                ? OptionalDouble.empty()
                : OptionalDouble.of(bytes * 1000.0 / millis);
    }

    /** Empty while nothing is known to reckon with. */
    Optional<Duration> timeLeft() {
        if (expected == 0 || items == 0 || items > expected || elapsed().toMillis() < RATE_AFTER_MILLIS) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis(elapsed().toMillis() * (expected - items) / items));
    }

    /** Whether a line without a terminal is due; asking marks it as shown. */
    boolean movedEnough() {
        int tenth = (int) (share() * 10);
        boolean due = state != stateShown || state == State.MOVING && tenth > tenthShown;
        stateShown = state;
        tenthShown = Math.max(tenth, tenthShown);
        return due;
    }
}
