package io.mailferry.planner.fleet;

import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;

/** @param mailboxes how many mailboxes the agent counts in the set */
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
        int mailboxes) {}
