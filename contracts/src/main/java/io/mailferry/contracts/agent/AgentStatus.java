package io.mailferry.contracts.agent;

import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.SealedAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An agent's full status. Addresses are sealed before it leaves the gateway. */
public record AgentStatus(String brand, String version, Server server, List<BackupSet> backupSets) {
    public AgentStatus {
        backupSets = List.copyOf(backupSets);
    }

    /** @param build empty when the agent cannot tell, which makes its sets' risk unknown */
    public record Server(String name, Optional<ExchangeBuild> build, Optional<PlannedUpdate> plannedUpdate) {}

    /** An Exchange update that an administrator means to install. */
    public record PlannedUpdate(ExchangeBuild build, Instant at) {}

    /**
     * @param ref the agent's own name of the set
     * @param publicFolders what the set backs up of public folders; empty when it backs up none
     */
    public record BackupSet(
            String ref,
            String name,
            BackupMode mode,
            boolean scheduleEnabled,
            boolean retentionEnabled,
            long quotaBytes,
            long usedBytes,
            Optional<LastJob> lastJob,
            List<Mailbox> mailboxes,
            Optional<PublicFolders> publicFolders) {
        public BackupSet {
            mailboxes = List.copyOf(mailboxes);
        }
    }

    public record LastJob(Instant at, JobOutcome outcome) {}

    public enum JobOutcome {
        SUCCEEDED,
        FAILED
    }

    public record Mailbox(UUID exchangeGuid, SealedAddress address, long items, long bytes) {}
}
