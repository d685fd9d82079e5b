package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What an agent can be told to do. */
sealed interface AgentCommand {

    /** Encrypt the settings to the tenant's public key. */
    record EscrowAgentSettings(String publicKey) implements AgentCommand {}

    /** Become at least this version. */
    record UpgradeAgent(String minimumVersion) implements AgentCommand {}

    /** Register an EWS set with these mailboxes, by their Exchange GUIDs. */
    record CreateEwsBackupSet(String mapiSetRef, String name, List<String> mailboxes) implements AgentCommand {}

    /** Switch off "Run Retention Policy after backup". */
    record FreezeMapiRetention(String setRef) implements AgentCommand {}

    /** Switch off the schedule. */
    record DisableMapiSchedule(String setRef) implements AgentCommand {}

    /** Delete a MAPI set and all it holds. */
    record DeleteMapiBackupSet(String setRef) implements AgentCommand {}

    /** A command that this agent does not know, or whose payload it cannot read. */
    record Unknown(String cause) implements AgentCommand {}

    /** Whether a command's end, as it was delivered, has passed; one that cannot be read has not. */
    static boolean isPast(String expiresAt, Instant now) {
        try {
            return !expiresAt.isEmpty() && Instant.parse(expiresAt).isBefore(now);
        } catch (DateTimeException e) {
            return false;
        }
    }

    static AgentCommand read(String type, JsonNode payload) {
        return switch (type) {
            case "EscrowAgentSettings" ->
                payload.path("publicKey").isObject()
                        ? new EscrowAgentSettings(payload.path("publicKey").toString())
                        : new Unknown("payloadUnreadable");
            case "UpgradeAgent" ->
                payload.path("minimumVersion").isTextual()
                        ? new UpgradeAgent(payload.path("minimumVersion").asText())
                        : new Unknown("payloadUnreadable");
            case "CreateEwsBackupSet" -> {
                List<String> mailboxes = new ArrayList<>();
                payload.path("mailboxes").forEach(guid -> mailboxes.add(guid.asText()));
                yield new CreateEwsBackupSet(
                        payload.path("mapiSetRef").asText(),
                        payload.path("name").asText(),
                        List.copyOf(mailboxes));
            }
            case "FreezeMapiRetention" ->
                new FreezeMapiRetention(payload.path("setRef").asText());
            case "DisableMapiSchedule" ->
                new DisableMapiSchedule(payload.path("setRef").asText());
            case "DeleteMapiBackupSet" ->
                new DeleteMapiBackupSet(payload.path("setRef").asText());
            default -> new Unknown("unknownType");
        };
    }
}
