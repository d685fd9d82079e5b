package io.mailferry.archive.log;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.PageId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a mailbox's log adds up to, entry by entry. Not safe for several threads. */
public final class LogState {
    private final MailboxPlace place;
    private long number;
    private @Nullable String hash;
    private @Nullable AttemptId open;
    private final Set<AttemptId> closed = new HashSet<>();
    private final Map<FolderKey, FolderHead> heads = new HashMap<>();
    private final Set<PageId> pages = new HashSet<>();
    private final List<LogEntry> restorePoints = new ArrayList<>();
    private final Map<FolderKey, AttemptCounts> counts = new HashMap<>();
    private final Generations generations = new Generations();

    LogState(MailboxPlace place) {
        this.place = place;
    }

    /** Takes the next entry. */
    LogEntry apply(long expected, byte[] bytes) throws Damaged {
        LogEntry entry = LogEntry.read(expected, bytes);
        if (!entry.tenant().equals(place.tenant()) || !entry.mailbox().equals(place.mailbox())) {
            throw new Damaged(Damage.FOREIGN, "log entry " + expected + " is another mailbox's");
        }
        boolean continues =
                entry.number() == expected && expected == number + 1 && Objects.equals(entry.previous(), hash);
        if (!continues) {
            throw new Damaged(Damage.BROKEN_CHAIN, "log entry " + expected + " does not continue the one before it");
        }
        LogEntry kept = shared(entry);
        apply(kept);
        number = expected;
        hash = LogEntry.hash(bytes);
        return kept;
    }

    /** A restore point with all that did not change since the one before taken from that one: most folders rest. */
    private LogEntry shared(LogEntry entry) {
        if (restorePoints.isEmpty()
                || !(entry.body() instanceof Body.RestorePointRecorded point)
                || !(restorePoints.getLast().body() instanceof Body.RestorePointRecorded before)) {
            return entry;
        }
        AttemptEnd witness = point.witness();
        AttemptEnd earlier = before.witness();
        AttemptEnd sharing = new AttemptEnd(
                shared(witness.folders(), earlier.folders()),
                shared(witness.gaps(), earlier.gaps()),
                shared(witness.carriedSkips(), earlier.carriedSkips()),
                witness.mac(),
                witness.macVersion());
        Body body = new Body.RestorePointRecorded(
                point.id(),
                shared(point.folders(), before.folders()),
                shared(point.skipped(), sharing.carriedSkips()),
                shared(point.gaps(), sharing.gaps()),
                point.complete(),
                shared(point.incompleteBecause(), before.incompleteBecause()),
                sharing);
        return new LogEntry(
                entry.format(),
                place.tenant(),
                place.mailbox(),
                entry.number(),
                entry.previous(),
                entry.attempt(),
                entry.writer(),
                entry.at(),
                body);
    }

    /** The same list, of the earlier list's elements where they are equal; the earlier list itself if all are. */
    private static <T> List<T> shared(List<T> list, List<T> earlier) {
        if (list.equals(earlier)) {
            return earlier;
        }
        Map<T, T> known = new HashMap<>();
        earlier.forEach(element -> known.put(element, element));
        return list.stream()
                .map(element -> Objects.requireNonNullElse(known.get(element), element))
                .toList();
    }

    private void apply(LogEntry entry) {
        switch (entry.body()) {
            case Body.AttemptOpened opened -> {
                closed.addAll(opened.closed());
                open = entry.attempt();
                counts.clear();
                pages.clear();
            }
            case Body.PagesStored stored -> stored.pages().forEach(page -> apply(entry.number(), page));
            case Body.RestorePointRecorded ignored -> {
                restorePoints.add(entry);
                close(entry.attempt());
            }
            case Body.AttemptClosed ignored -> close(entry.attempt());
        }
    }

    private void apply(long entryNumber, StoredPage page) {
        PageEnd end = page.end();
        generations.add(entryNumber, end);
        FolderHead before = heads.get(end.folder());
        boolean synced = page.syncState() != null;
        heads.put(
                end.folder(),
                new FolderHead(
                        end.page(),
                        synced ? end.page() : before == null ? null : before.syncPage(),
                        synced ? page.syncState() : before == null ? null : before.syncState()));
        pages.add(end.page());
        counts.merge(end.folder(), AttemptCounts.of(end), AttemptCounts::plus);
    }

    private void close(AttemptId attempt) {
        closed.add(attempt);
        if (attempt.equals(open)) {
            open = null;
        }
    }

    /** The newest entry's number; 0 for an empty log. */
    public long number() {
        return number;
    }

    /** The newest entry's hash. */
    public Optional<String> hash() {
        return Optional.ofNullable(hash);
    }

    /** The attempt that may store pages now. */
    public Optional<AttemptId> openAttempt() {
        return Optional.ofNullable(open);
    }

    public boolean isClosed(AttemptId attempt) {
        return closed.contains(attempt);
    }

    /** Whether the log has this page of the newest attempt that opened; no other may store pages. */
    public boolean hasPage(PageId page) {
        return pages.contains(page);
    }

    /** Where each folder stands. */
    public Map<FolderKey, FolderHead> heads() {
        return Collections.unmodifiableMap(heads);
    }

    /** What the newest attempt that opened has stored so far, by folder. */
    public Map<FolderKey, AttemptCounts> attemptCounts() {
        return Collections.unmodifiableMap(counts);
    }

    /** Where folders were read anew. */
    public Generations generations() {
        return generations;
    }

    /** The entries that record restore points, oldest first. */
    public List<LogEntry> restorePoints() {
        return Collections.unmodifiableList(restorePoints);
    }
}
