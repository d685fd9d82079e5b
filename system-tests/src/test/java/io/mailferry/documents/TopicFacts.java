package io.mailferry.documents;

import io.mailferry.contracts.Topic;
import java.util.List;

/** Who speaks and who listens on a topic; what the contracts' types cannot say. */
record TopicFacts(String key, List<String> writers, List<String> readers) {
    static TopicFacts of(Topic topic) {
        return switch (topic) {
            case AGENT_HEARTBEAT ->
                new TopicFacts("agent id", List.of("inventory-service"), List.of("inventory-service"));
            case INVENTORY_EVENT ->
                new TopicFacts(
                        "server id; of the whole fleet, tenant id",
                        List.of("inventory-service"),
                        List.of("planner-service"));
            case TRANSITION_COMMAND ->
                new TopicFacts(
                        "server id",
                        List.of("planner-service"),
                        List.of("inventory-service", "exporter-service", "restore-service"));
            case COMMAND_RESULT ->
                new TopicFacts(
                        "server id",
                        List.of("inventory-service", "exporter-service", "restore-service"),
                        List.of("planner-service"));
            case EXPORT_EVENT -> new TopicFacts("server id", List.of("exporter-service"), List.of("inventory-service"));
            case UPLOAD_PROGRESS ->
                new TopicFacts(
                        "mailbox id", List.of("uploader-service"), List.of("exporter-service", "planner-service"));
            // The planner hears of proofs by the results of its commands.
            case RESTORE_EVENT -> new TopicFacts("mailbox id", List.of("restore-service"), List.of());
        };
    }
}
