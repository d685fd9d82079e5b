package io.mailferry.archive.part;

import org.jspecify.annotations.Nullable;

/** The sealed header of a page end: the folder's sync state, where the page ends a sync page. */
public record SyncState(@Nullable String state) {
    @Override
    public String toString() {
        return "SyncState";
    }
}
