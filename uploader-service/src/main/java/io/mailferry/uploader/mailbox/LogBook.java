package io.mailferry.uploader.mailbox;

import io.mailferry.archive.log.Append;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.restorepoint.LoggedSegment;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.uploader.bucket.PatientStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The mailbox's log as this process knows it, and appending to it while the store may fail. */
final class LogBook {
    private final MailboxLog log;
    private final PatientStore store;
    private final MeterRegistry meters;
    private LogState state;

    private LogBook(MailboxLog log, PatientStore store, MeterRegistry meters, LogState state) {
        this.log = log;
        this.store = store;
        this.meters = meters;
        this.state = state;
    }

    static LogBook open(MailboxLog log, PatientStore store, MeterRegistry meters)
            throws IOException, InterruptedException {
        return new LogBook(log, store, meters, store.patiently(log::read));
    }

    LogState state() {
        return state;
    }

    boolean isOpen(AttemptId attempt) {
        return state.openAttempt().filter(attempt::equals).isPresent();
    }

    /** The restore point that this attempt recorded, if it did. */
    Optional<LogEntry> restorePointOf(AttemptId attempt) {
        return state.restorePoints().stream()
                .filter(entry -> entry.attempt().equals(attempt))
                .findFirst();
    }

    /** Learns what others appended. */
    void refresh() throws IOException, InterruptedException {
        List<LogEntry> fresh = store.patiently(() -> log.refresh(state));
        meters.counter("mailferry.uploader.log.refreshed").increment(fresh.size());
    }

    /** All segments; reads the log once more from its beginning. */
    List<LoggedSegment> segments() throws IOException, InterruptedException {
        return store.patiently(() -> {
            List<LoggedSegment> segments = new ArrayList<>();
            state = log.read(entry -> {
                if (entry.body() instanceof Body.PagesStored stored) {
                    stored.segments().forEach(segment -> segments.add(new LoggedSegment(entry.number(), segment)));
                }
            });
            return segments;
        });
    }

    /**
     * Appends after what is known. Tries again only while nothing new was learnt: once the log has moved on, the caller
     * must think again, even if it was our own earlier try that moved it.
     */
    Append append(AttemptId attempt, Body body) throws IOException, InterruptedException {
        long known = state.number();
        Append outcome = store.patiently(() ->
                state.number() == known ? log.append(state, attempt, body) : new Append.LostRace(log.refresh(state)));
        String word = switch (outcome) {
            case Append.Appended ignored -> "appended";
            case Append.LostRace ignored -> "lost";
        };
        meters.counter("mailferry.uploader.log.entries", "outcome", word).increment();
        return outcome;
    }
}
