package io.mailferry.archive.log;

import io.mailferry.archive.page.PageEnd;

/** What an attempt's recorded pages of one folder add up to. */
public record AttemptCounts(long items, long updates, long deletions, long readFlags, long skips) {
    static AttemptCounts of(PageEnd end) {
        return new AttemptCounts(end.items(), end.updates(), end.deletions(), end.readFlags(), end.skips());
    }

    AttemptCounts plus(AttemptCounts other) {
        return new AttemptCounts(
                items + other.items,
                updates + other.updates,
                deletions + other.deletions,
                readFlags + other.readFlags,
                skips + other.skips);
    }
}
