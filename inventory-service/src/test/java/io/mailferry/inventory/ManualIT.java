package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetChanged;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.CommandResult.CommandSucceeded;
import io.mailferry.contracts.transition.TransitionCommand;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server without an agent: an operator says what is there, sees the steps, does them and says so. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class ManualIT {
    @TestHTTPResource("/")
    URI base;

    private Rest rest;
    private TestedTenant tenant;

    @BeforeEach
    void ownTenant() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
    }

    @Test
    void letsAnOperatorDoWhatAnAgentWouldAndTellsItLikeAnAgents() {
        AgentId agent = manualAgent();
        BackupSetChanged set = say(agent, true);
        CommandId command = freeze(agent, set);

        JsonNode step = step(command);
        assertThat(step.path("type").asText()).isEqualTo("FreezeMapiRetention");
        assertThat(step.at("/payload/setRef").asText()).isEqualTo("the-set");
        assertThat(step.path("agentId").asText()).isEqualTo(agent.toString());
        assertThat(confirm(agent, result(command, "accepted")).status()).isEqualTo(204);
        assertThat(step(command).path("state").asText()).isEqualTo("ACCEPTED");
        assertThat(confirm(agent, result(command, "succeeded")).status()).isEqualTo(204);

        assertThat(steps()).isEmpty();
        assertThat(confirm(agent, result(command, "failed")).status()).isEqualTo(409);
        Eventually.isTrue("the success is told", () -> results().stream().anyMatch(CommandSucceeded.class::isInstance));
        List<String> confirmedBy = Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.list(
                        connection,
                        "SELECT confirmed_by FROM inventory.agent_command WHERE command = '" + command + "'"));
        assertThat(confirmedBy).containsExactly("admin");
        // What was done shows in what is said next.
        BackupSetChanged after = say(agent, false);
        assertThat(after.backupSet()).isEqualTo(set.backupSet());
        assertThat(after.retentionEnabled()).isFalse();
    }

    @Test
    void takesOverFromAnAgentThatIsGoneWithItsOpenCommandsAndGivesThemBackToOneThatEnrolsAnew() {
        TestedAgent agent = tenant.enrol();
        ObjectNode status = status(true);
        agent.report(status);
        BackupSetChanged set = (BackupSetChanged) tenant.inventoryEvents(4).getLast();
        CommandId command = freeze(agent.id, set);
        CommandIT.delivered(agent);
        assertThat(confirm(agent.id, result(command, "succeeded")).status()).isEqualTo(409);
        assertThat(put(agent.id, status).status()).isEqualTo(409);

        assertThat(byHand(RealParts.ADMIN, agent.id).status()).isEqualTo(204);

        assertThat(agent.send(agent.next("h")).status()).isEqualTo(401);
        assertThat(step(command).path("state").asText()).isEqualTo("DELIVERED");
        assertThat(state(agent.id)).isEqualTo("MANUAL");
        Answer token = rest.post(
                RealParts.ADMIN,
                tenant.path("/enrolment-tokens"),
                Rest.MAPPER.createObjectNode().put("agentId", agent.id.toString()));
        UUID boot = UUID.randomUUID();
        Answer again = rest.post(null, "/api/v1/agents/enrol", TestedAgent.introduction(token.text("token"), boot));
        agent.bootId = boot;
        Answer beat = rest.post(again.text("credential"), agent.path(), agent.next("h"));
        assertThat(beat.body().at("/commands/0/commandId").asText()).isEqualTo(command.toString());
        assertThat(steps()).isEmpty();
    }

    @Test
    void isForOperatorsOfTheTenantOnlyAndNamesWhatIsWrong() {
        AgentId agent = manualAgent();
        CommandId command = freeze(agent, say(agent, true));
        step(command);
        ObjectNode good = result(command, "succeeded");
        String results = "/api/v1/agents/" + agent + "/manual-results";

        assertThat(rest.post(RealParts.VIEWER, results, good).status()).isEqualTo(403);
        assertThat(rest.post(RealParts.OUTSIDER, results, good).status()).isEqualTo(404);
        assertThat(rest.get(RealParts.OUTSIDER, tenant.path("/manual-steps")).status())
                .isEqualTo(404);
        assertThat(byHand(RealParts.OUTSIDER, agent).status()).isEqualTo(404);
        assertThat(byHand(RealParts.VIEWER, agent).status()).isEqualTo(403);
        assertThat(rest.put(RealParts.OUTSIDER, "/api/v1/agents/" + agent + "/status", status(true))
                        .status())
                .isEqualTo(404);
        assertThat(rest.post(RealParts.OUTSIDER, tenant.path("/manual-agents"), introduction())
                        .status())
                .isEqualTo(404);
        assertThat(rest.post(RealParts.VIEWER, tenant.path("/manual-agents"), introduction())
                        .status())
                .isEqualTo(403);

        assertThat(confirm(agent, result(CommandId.random(), "succeeded")).status())
                .isEqualTo(404);
        assertThat(confirm(manualAgent(), good).status()).isEqualTo(404);
        assertThat(confirm(agent, result(command, "done")).text("field")).isEqualTo("outcome");
        assertThat(put(agent, Rest.MAPPER.createObjectNode()).text("field")).isEqualTo("agent");
        assertThat(rest.post(
                                RealParts.ADMIN,
                                tenant.path("/manual-agents"),
                                introduction().put("version", "?"))
                        .text("field"))
                .isEqualTo("version");
        assertThat(step(command).path("state").asText()).isEqualTo("QUEUED");
    }

    private static ObjectNode introduction() {
        return Rest.MAPPER
                .createObjectNode()
                .put("name", "by hand")
                .put("brand", "Acme Backup")
                .put("version", "4.1.0");
    }

    private AgentId manualAgent() {
        Answer made = rest.post(RealParts.ADMIN, tenant.path("/manual-agents"), introduction());
        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        return AgentId.of(made.text("agentId"));
    }

    private static ObjectNode status(boolean retention) {
        ObjectNode status = TestedAgent.status("EX-HAND", "15.0.1473.3");
        ObjectNode set = TestedAgent.addSet(status, "the-set").put("retentionEnabled", retention);
        TestedAgent.addMailbox(set, new UUID(7, 7), "ada@example.test", 12);
        return status;
    }

    private BackupSetChanged say(AgentId agent, boolean retention) {
        Answer said = put(agent, status(retention));
        assertThat(said.status()).as(said.body().toString()).isEqualTo(202);
        Eventually.isTrue(
                "the set is known", () -> sets().stream().anyMatch(set -> set.retentionEnabled() == retention));
        return sets().getLast();
    }

    private List<BackupSetChanged> sets() {
        return Topics.events(Topic.INVENTORY_EVENT, tenant.id()).stream()
                .filter(BackupSetChanged.class::isInstance)
                .map(BackupSetChanged.class::cast)
                .toList();
    }

    private Answer put(AgentId agent, ObjectNode status) {
        return rest.put(RealParts.ADMIN, "/api/v1/agents/" + agent + "/status", status);
    }

    private Answer byHand(String token, AgentId agent) {
        return rest.post(token, "/api/v1/agents/" + agent + "/by-hand", Rest.MAPPER.createObjectNode());
    }

    private Answer confirm(AgentId agent, ObjectNode result) {
        return rest.post(RealParts.ADMIN, "/api/v1/agents/" + agent + "/manual-results", result);
    }

    private static ObjectNode result(CommandId command, String outcome) {
        return Rest.MAPPER
                .createObjectNode()
                .put("commandId", command.toString())
                .put("attempt", 1)
                .put("outcome", outcome);
    }

    private CommandId freeze(AgentId agent, BackupSetChanged set) {
        CommandId command = CommandId.random();
        Topics.send(new TransitionCommand.FreezeMapiRetention(
                command,
                tenant.id(),
                set.server(),
                agent,
                set.backupSet(),
                Instant.now().plusSeconds(3600)));
        return command;
    }

    private JsonNode step(CommandId command) {
        Eventually.isTrue("the step is shown", () -> steps().toString().contains(command.toString()));
        return steps().get(0);
    }

    private JsonNode steps() {
        return rest.get(RealParts.VIEWER, tenant.path("/manual-steps")).body();
    }

    private String state(AgentId agent) {
        for (JsonNode listed :
                rest.get(RealParts.VIEWER, tenant.path("/agents")).body()) {
            if (listed.path("agentId").asText().equals(agent.toString())) {
                return listed.path("state").asText();
            }
        }
        return "not listed";
    }

    private List<CommandResult> results() {
        return Topics.events(Topic.COMMAND_RESULT, tenant.id()).stream()
                .map((Event event) -> (CommandResult) event)
                .toList();
    }
}
