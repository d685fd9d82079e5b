package io.mailferry.archive.log;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.PageId;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a mailbox's log adds up to, entry by entry. Its size goes with the mailbox's folders and with the newest attempt's
 * pages, and not with the length of the log. Not safe for several threads.
 */
public final class LogState {
    private final MailboxPlace place;
    private final @Nullable AttemptTrace followed;
    private long number;
    private @Nullable String hash;
    private @Nullable AttemptId open;
    private @Nullable LogEntry restorePoint;
    private final Map<FolderKey, FolderHead> heads = new HashMap<>();
    private final Set<PageId> pages = new HashSet<>();
    private final Map<FolderKey, AttemptCounts> counts = new HashMap<>();

    /** For who goes on from the log: keeps the folders' sync states. */
    LogState(MailboxPlace place) {
        this(place, null);
    }

    /**
     * For who appends: keeps no sync states.
     *
     * @param followed told every entry; null keeps the sync states
     */
    LogState(MailboxPlace place, @Nullable AttemptTrace followed) {
        this.place = place;
        this.followed = followed;
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
        apply(entry);
        number = expected;
        hash = LogEntry.hash(bytes);
        return entry;
    }

    private void apply(LogEntry entry) {
        if (followed != null) {
            followed.add(entry);
        }
        switch (entry.body()) {
            case Body.AttemptOpened _ -> {
                open = entry.attempt();
                counts.clear();
                pages.clear();
            }
            case Body.PagesStored stored -> stored.pages().forEach(this::apply);
            case Body.RestorePointRecorded _ -> {
                restorePoint = entry;
                close(entry.attempt());
            }
            case Body.AttemptClosed _ -> close(entry.attempt());
        }
    }

    private void apply(StoredPage page) {
        PageEnd end = page.end();
        FolderHead before = heads.get(end.folder());
        boolean synced = page.syncState() != null && followed == null;
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

    /** Whether the log has this page of the newest attempt that opened; no other may store pages. */
    public boolean hasPage(PageId page) {
        return pages.contains(page);
    }

    /** Where each folder stands; without sync states in a state that was read for appending. */
    public Map<FolderKey, FolderHead> heads() {
        return Collections.unmodifiableMap(heads);
    }

    /** What the newest attempt that opened has stored so far, by folder. */
    public Map<FolderKey, AttemptCounts> attemptCounts() {
        return Collections.unmodifiableMap(counts);
    }

    /** The entry that records the newest restore point. */
    public Optional<LogEntry> restorePoint() {
        return Optional.ofNullable(restorePoint);
    }
}
