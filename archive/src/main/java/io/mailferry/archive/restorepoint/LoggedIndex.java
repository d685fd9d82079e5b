package io.mailferry.archive.restorepoint;

import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.Generations;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.MailboxLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Follows a log as it is read and keeps what folding the mailbox takes: all segments, and where folders were read anew. */
public final class LoggedIndex implements MailboxLog.Visitor {
    private final List<LoggedSegment> segments = new ArrayList<>();
    private final Generations generations = new Generations();

    @Override
    public void entry(LogEntry entry) {
        if (entry.body() instanceof Body.PagesStored stored) {
            stored.segments().forEach(segment -> segments.add(new LoggedSegment(entry.number(), segment)));
            stored.pages().forEach(page -> generations.add(entry.number(), page.end()));
        }
    }

    public List<LoggedSegment> segments() {
        return Collections.unmodifiableList(segments);
    }

    public Generations generations() {
        return generations;
    }
}
