package io.mailferry.uploader.mailbox;

import io.mailferry.archive.log.Append;
import io.mailferry.archive.log.AttemptTrace;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.restorepoint.LoggedIndex;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.uploader.bucket.PatientStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;

/**
 * The mailbox's log as this process knows it, and appending to it while the store may fail. Keeps where the log stands and
 * one attempt's trace, so that it is no larger after years; what else is asked is read again.
 */
final class LogBook {
    private final MailboxLog log;
    private final PatientStore store;
    private final MeterRegistry meters;
    private AttemptTrace followed;
    private LogState state;

    private LogBook(MailboxLog log, PatientStore store, MeterRegistry meters, AttemptTrace followed, LogState state) {
        this.log = log;
        this.store = store;
        this.meters = meters;
        this.followed = followed;
        this.state = state;
    }

    /** @param attempt whose trace will be asked for, most likely */
    static LogBook open(MailboxLog log, PatientStore store, MeterRegistry meters, AttemptId attempt)
            throws IOException, InterruptedException {
        return store.patiently(() -> {
            AttemptTrace followed = new AttemptTrace(attempt);
            return new LogBook(log, store, meters, followed, log.read(followed, _ -> {}));
        });
    }

    LogState state() {
        return state;
    }

    boolean isOpen(AttemptId attempt) {
        return state.openAttempt().filter(attempt::equals).isPresent();
    }

    /** What the log says of the attempt; reads it once more from its beginning if another was asked about before. */
    AttemptTrace trace(AttemptId attempt) throws IOException, InterruptedException {
        if (!followed.attempt().equals(attempt)) {
            store.patiently(() -> readAgain(attempt, _ -> {}));
        }
        return followed;
    }

    /** Learns what others appended. */
    void refresh() throws IOException, InterruptedException {
        List<LogEntry> fresh = store.patiently(() -> log.refresh(state));
        meters.counter("mailferry.uploader.log.refreshed").increment(fresh.size());
    }

    /** What counting takes; reads the log once more from its beginning. */
    LoggedIndex index() throws IOException, InterruptedException {
        return store.patiently(() -> {
            LoggedIndex index = new LoggedIndex();
            readAgain(followed.attempt(), index);
            return index;
        });
    }

    private LogState readAgain(AttemptId attempt, MailboxLog.Visitor visitor) throws IOException {
        AttemptTrace trace = new AttemptTrace(attempt);
        state = log.read(trace, visitor);
        followed = trace;
        return state;
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
