package io.mailferry.system;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.stack.ServiceKind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What an operator does over REST, for one tenant of the test's own that is connected to the simulated server. */
final class Operator {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final Set<String> ENDED = Set.of("SUCCEEDED", "FAILED", "REJECTED", "EXPIRED");

    private final SystemStack.Running running;
    private final TenantId tenant;
    private final String server;

    Operator(SystemStack.Running running) {
        this(running, SimulatedFleet.SERVER);
    }

    /** @param serverName one of the servers of {@code system-fleet.json} */
    Operator(SystemStack.Running running, String serverName) {
        this.running = running;
        Rest inventory = running.rest(ServiceKind.INVENTORY);
        JsonNode made = inventory.post("/tenants", Map.of("name", "System " + UUID.randomUUID()));
        this.tenant = TenantId.of(made.path("tenant").asText());
        this.server = inventory
                .post("/tenants/" + tenant + "/servers", running.fleet().connection(serverName))
                .path("serverId")
                .asText();
    }

    TenantId tenant() {
        return tenant;
    }

    String server() {
        return server;
    }

    MailboxId mailbox(String address) {
        JsonNode registered = running.rest(ServiceKind.INVENTORY)
                .post("/servers/" + server + "/mailboxes", Map.of("address", address));
        return MailboxId.of(registered.path("mailboxId").asText());
    }

    /** Starts an export; the planner may not yet have heard of a mailbox that was registered a moment ago. */
    String startExport(MailboxId mailbox) {
        return order("/exports", mailbox);
    }

    JsonNode export(MailboxId mailbox) {
        return succeeded(startExport(mailbox));
    }

    JsonNode verify(MailboxId mailbox) {
        return succeeded(verificationOf(mailbox));
    }

    /** The command that verifies the mailbox, once the planner knows it. */
    String verificationOf(MailboxId mailbox) {
        return order("/verifications", mailbox);
    }

    /** The outcome of a command that must succeed. */
    JsonNode succeeded(String command) {
        JsonNode ended = ended(command);
        if (!ended.path("state").asText().equals("SUCCEEDED")) {
            throw new AssertionError("command ended as " + ended);
        }
        return ended.path("outcome");
    }

    JsonNode ended(String command) {
        Rest planner = running.rest(ServiceKind.PLANNER);
        return Await.value(
                "command " + command + " ends",
                DEADLINE,
                () -> Optional.of(planner.read("/commands/" + command))
                        .filter(state -> ENDED.contains(state.path("state").asText())));
    }

    boolean hasEnded(String command) {
        return ENDED.contains(running.rest(ServiceKind.PLANNER)
                .read("/commands/" + command)
                .path("state")
                .asText());
    }

    StoredMailbox stored(MailboxId mailbox) {
        return new StoredMailbox(
                running.bucket(), tenant, mailbox, running.stack().folder().keys(), running.folder());
    }

    private String order(String what, MailboxId mailbox) {
        Rest planner = running.rest(ServiceKind.PLANNER);
        return Await.value("planner-service takes the order", Duration.ofSeconds(30), () -> {
            Rest.Answer answer = planner.send(
                    "POST", "/tenants/" + tenant + what, Optional.of(Map.of("mailboxId", mailbox.toString())));
            return answer.status() / 100 == 2
                    ? Optional.of(answer.body().path("commandId").asText())
                    : Optional.empty();
        });
    }
}
