package io.mailferry.exporter.job;

import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.JobId;
import io.mailferry.exporter.attempt.ExportedMailbox;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An export that was commanded.
 *
 * @param turns how often a worker began with it
 * @param turnsInVain how often in a row without storing a page, the running turn included
 * @param turnsAtPlace how often in a row without getting beyond the place, the running turn included
 * @param place where in the mailbox the last turn that came to a folder failed; null if none did
 */
record Job(
        JobId job,
        CommandId command,
        ExportedMailbox mailbox,
        Instant requestedAt,
        Instant expiresAt,
        int turns,
        int turnsInVain,
        int turnsAtPlace,
        @Nullable String place,
        Progress progress,
        JobState state) {

    /** @param expectedItems what Exchange counts in the mailbox; 0 while unknown */
    record Progress(long items, long bytes, long expectedItems, long skipped) {
        static final Progress NONE = new Progress(0, 0, 0, 0);
    }
}
