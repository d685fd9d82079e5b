package io.mailferry.planner.plan;

import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.ServerId;
import java.time.Instant;

/**
 * A plan in a list.
 *
 * @param name the backup set's
 * @param settled how many of its steps are done or skipped
 */
public record PlanSummary(
        PlanId plan,
        ServerId server,
        BackupSetId backupSet,
        String name,
        String state,
        Instant since,
        Instant madeAt,
        int steps,
        int settled) {}
