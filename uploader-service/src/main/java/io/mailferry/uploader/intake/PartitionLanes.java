package io.mailferry.uploader.intake;

import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.uploader.mailbox.Incoming;
import io.mailferry.uploader.mailbox.MailboxLane;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** One assigned partition: its mailboxes' lanes, and how far its records are settled. For the polling thread only. */
final class PartitionLanes {
    private final Map<MailboxPlace, MailboxLane> lanes = new HashMap<>();
    private final Function<MailboxPlace, MailboxLane> newLane;
    private long nextOffset = -1;
    private long committed = -1;
    private boolean paused;

    PartitionLanes(Function<MailboxPlace, MailboxLane> newLane) {
        this.newLane = newLane;
    }

    void offer(MailboxPlace place, Incoming incoming) {
        lanes.computeIfAbsent(place, newLane).offer(incoming);
        nextOffset = incoming.offset() + 1;
    }

    /** Whether the record lies before one that was seen: the topic was made anew, or its end was lost. */
    boolean wentBack(long offset) {
        return offset < nextOffset;
    }

    /** What can be committed now and was not before: everything below it is settled. */
    OptionalLong committable() {
        long lowest = nextOffset;
        for (MailboxLane lane : lanes.values()) {
            lowest = Math.min(lowest, lane.lowestUnsettled().orElse(lowest));
        }
        return lowest > committed ? OptionalLong.of(lowest) : OptionalLong.empty();
    }

    void committed(long offset) {
        committed = offset;
    }

    boolean full() {
        return lanes.values().stream().anyMatch(MailboxLane::full);
    }

    boolean paused() {
        return paused;
    }

    void paused(boolean now) {
        paused = now;
    }

    void forgetIdle(Duration patience) throws InterruptedException {
        forget(lanes.values().stream().filter(MailboxLane::idle).toList(), patience);
    }

    /** Ends those of its lanes that are among these. A mailbox gets no other before its own has ended. */
    void forget(Collection<MailboxLane> resting, Duration patience) throws InterruptedException {
        List<MailboxLane> leaving =
                lanes.values().stream().filter(resting::contains).toList();
        leaving.forEach(MailboxLane::drain);
        for (MailboxLane lane : leaving) {
            lane.stop(patience);
        }
        lanes.values().removeAll(leaving);
    }

    /** The mailbox of that id, if it has a lane. */
    Optional<MailboxPlace> place(String mailbox) {
        return lanes.keySet().stream()
                .filter(place -> place.mailbox().toString().equals(mailbox))
                .findFirst();
    }

    Collection<MailboxLane> lanes() {
        return lanes.values();
    }

    /** Ends all lanes; what is whole is recorded within the time, everything else comes again. */
    void end(Duration patience) throws InterruptedException {
        lanes.values().forEach(patience.isZero() ? MailboxLane::abandon : MailboxLane::drain);
        long until = System.nanoTime() + patience.toNanos();
        for (MailboxLane lane : lanes.values()) {
            lane.stop(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
        }
    }

    void forgetAll() {
        lanes.clear();
        nextOffset = -1;
        committed = -1;
    }
}
