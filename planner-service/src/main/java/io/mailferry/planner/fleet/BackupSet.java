package io.mailferry.planner.fleet;

import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;
import java.util.Optional;

/**
 * @param mailboxes how many mailboxes the agent counts in the set
 * @param publicFolders what the set backs up of public folders; empty when it backs up none
 */
public record BackupSet(
        BackupSetId backupSet,
        ServerId server,
        AgentId agent,
        String name,
        BackupMode mode,
        boolean scheduleEnabled,
        boolean retentionEnabled,
        long quotaBytes,
        long usedBytes,
        int mailboxes,
        Optional<PublicFolders> publicFolders) {}
