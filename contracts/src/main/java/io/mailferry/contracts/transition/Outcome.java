package io.mailferry.contracts.transition;

import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.RestorePointId;
import java.util.Map;

/** What a command that succeeded brought about. */
public sealed interface Outcome {
    /** @param object the escrow's name in the bucket; only its fingerprint travels */
    record SettingsEscrowed(String object, String sha256) implements Outcome {}

    record AgentVersionReached(String version) implements Outcome {}

    /** @param ref the agent's own name of the new set */
    record EwsSetCreated(String ref) implements Outcome {}

    record RetentionFrozen() implements Outcome {}

    record ScheduleDisabled() implements Outcome {}

    record BackupSetDeleted() implements Outcome {}

    /**
     * @param items live items in the restore point
     * @param skipped items that could not be read, by cause; they are in no restore point
     * @param sealedBytes stored bytes of the live items
     */
    record ExportFinished(
            RestorePointId restorePoint, long items, Map<SkipCause, Long> skipped, long sealedBytes, boolean complete)
            implements Outcome {
        public ExportFinished {
            skipped = Map.copyOf(skipped);
        }
    }

    /**
     * @param items live items whose every byte was read and opened
     * @param bytes their bytes as Exchange gave them
     * @param damaged items or objects that failed; 0 in a proof that counts
     */
    record RestorePointProven(
            RestorePointId restorePoint, long items, long bytes, long skipped, long damaged, boolean complete)
            implements Outcome {}
}
