package io.mailferry.inventory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A status in full, as an agent of {@link DayIT} says it.
 *
 * @param plannedAt null while no update is planned
 */
record DaySays(
        String server,
        String version,
        Build build,
        @Nullable Instant plannedAt,
        List<OfSet> sets) {
    static final String PLANNED_BUILD = "15.0.1497.2";

    DaySays {
        sets = List.copyOf(sets);
    }

    /** A build in one of its three shapes, and as it is kept. */
    record Build(String shape, String kept) {}

    record Box(UUID guid, String address, long items) {}

    record OfSet(
            String ref,
            boolean schedule,
            boolean retention,
            long quota,
            long used,
            @Nullable Instant jobAt,
            boolean jobSucceeded,
            List<Box> boxes) {
        OfSet {
            boxes = List.copyOf(boxes);
        }

        boolean saysOfItself(OfSet other) {
            return schedule == other.schedule && retention == other.retention;
        }

        OfSet withJobOf(OfSet other) {
            return new OfSet(ref, schedule, retention, quota, used, other.jobAt, other.jobSucceeded, boxes);
        }

        boolean hasQuotaOf(OfSet other) {
            return quota == other.quota && used == other.used;
        }
    }

    ObjectNode json() {
        ObjectNode status = TestedAgent.status(server, build.shape());
        ((ObjectNode) status.get("agent")).put("version", version);
        if (plannedAt != null) {
            ((ObjectNode) status.get("server"))
                    .putObject("plannedUpdate")
                    .put("build", PLANNED_BUILD)
                    .put("at", plannedAt.toString());
        }
        for (OfSet set : sets) {
            ObjectNode node = TestedAgent.addSet(status, set.ref())
                    .put("scheduleEnabled", set.schedule())
                    .put("retentionEnabled", set.retention())
                    .put("quotaBytes", set.quota())
                    .put("usedBytes", set.used());
            if (set.jobAt() != null) {
                node.putObject("lastJob")
                        .put("at", set.jobAt().toString())
                        .put("outcome", set.jobSucceeded() ? "SUCCEEDED" : "FAILED");
            }
            set.boxes().forEach(box -> TestedAgent.addMailbox(node, box.guid(), box.address(), box.items()));
        }
        return status;
    }
}
