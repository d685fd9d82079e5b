package io.mailferry.archive.log;

import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.PutOutcome;
import io.mailferry.archive.store.StoreFailure;
import io.mailferry.archive.store.StoredObject;
import io.mailferry.contracts.id.AttemptId;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The log of one mailbox: numbered entries, each bound to the one before it by its hash, each appended by one
 * conditional PUT. Never retries; a failure leaves the state as it was.
 */
public final class MailboxLog {
    private final ObjectStore store;
    private final MailboxPlace place;
    private final UUID writer;
    private final Clock clock;

    /** @param writer random for each process that appends; readers may give any */
    public MailboxLog(ObjectStore store, MailboxPlace place, UUID writer, Clock clock) {
        this.store = store;
        this.place = place;
        this.writer = writer;
        this.clock = clock;
    }

    /** What to do with each entry as it is read. */
    public interface Visitor {
        void entry(LogEntry entry) throws IOException;
    }

    /** Reads the whole log. */
    public LogState read() throws IOException {
        return read(entry -> {});
    }

    /**
     * Reads the whole log, entry by entry.
     *
     * @throws Damaged if an entry is missing, forged, foreign or not known to this version
     * @throws StoreFailure if the bucket cannot be read
     */
    public LogState read(Visitor visitor) throws IOException {
        return read(new LogState(place), visitor);
    }

    /**
     * The same for who appends: the state has no sync states, and what it learns of the followed attempt now and later
     * goes to the trace.
     */
    public LogState read(AttemptTrace followed, Visitor visitor) throws IOException {
        return read(new LogState(place, followed), visitor);
    }

    private LogState read(LogState state, Visitor visitor) throws IOException {
        long newest = newestListed();
        for (long number = 1; number <= newest; number++) {
            Optional<byte[]> bytes = store.get(place.logEntry(number));
            if (bytes.isEmpty()) {
                throw new Damaged(Damage.BROKEN_CHAIN, "log entry " + number + " is missing");
            }
            visitor.entry(state.apply(number, bytes.get()));
        }
        for (LogEntry entry : refresh(state)) {
            visitor.entry(entry);
        }
        return state;
    }

    /**
     * Brings a state up to date.
     *
     * @return the entries that were new
     */
    public List<LogEntry> refresh(LogState state) throws IOException {
        List<LogEntry> fresh = new ArrayList<>();
        Optional<byte[]> bytes = store.get(place.logEntry(state.number() + 1));
        while (bytes.isPresent()) {
            fresh.add(state.apply(state.number() + 1, bytes.get()));
            bytes = store.get(place.logEntry(state.number() + 1));
        }
        return fresh;
    }

    /**
     * Appends an entry after the newest that the state knows.
     *
     * <p>An answer that did not come is settled by reading back: our own bytes in place mean that it succeeded.
     *
     * @throws StoreFailure if it is not in the log, or if that cannot be found out; the state may then lag behind, and
     *     appending the same again after a refresh is safe only for who looks whether it is there
     */
    public Append append(LogState state, AttemptId attempt, Body body) throws IOException {
        LogEntry entry = new LogEntry(
                LogEntry.FORMAT,
                place.tenant(),
                place.mailbox(),
                state.number() + 1,
                state.hash().orElse(null),
                attempt,
                writer,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                body);
        byte[] bytes = entry.bytes();
        return switch (store.putIfAbsent(place.logEntry(entry.number()), bytes)) {
            case PutOutcome.Stored ignored -> {
                state.apply(entry.number(), bytes);
                yield new Append.Appended(entry);
            }
            case PutOutcome.AlreadyThere ignored -> settle(state, entry, bytes);
            case PutOutcome.Unconfirmed unconfirmed -> {
                if (store.get(place.logEntry(entry.number())).isEmpty()) {
                    // Might still arrive; whoever tries again then finds it there.
                    throw unconfirmed.why();
                }
                yield settle(state, entry, bytes);
            }
        };
    }

    private Append settle(LogState state, LogEntry entry, byte[] ours) throws IOException {
        Optional<byte[]> there = store.get(place.logEntry(entry.number()));
        List<LogEntry> fresh = refresh(state);
        if (there.isPresent() && Arrays.equals(there.get(), ours)) {
            return new Append.Appended(entry);
        }
        return new Append.LostRace(fresh);
    }

    private long newestListed() throws StoreFailure {
        long newest = 0;
        for (StoredObject object : store.list(place.logPrefix())) {
            OptionalLong number = MailboxPlace.logNumber(object.name());
            newest = Math.max(newest, number.orElse(0));
        }
        return newest;
    }
}
