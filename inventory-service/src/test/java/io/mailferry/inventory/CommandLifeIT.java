package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetChanged;
import io.mailferry.contracts.inventory.InventoryEvent.MailboxChanged;
import io.mailferry.contracts.transition.Approval;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.CommandResult.CommandCancelled;
import io.mailferry.contracts.transition.CommandResult.CommandFailed;
import io.mailferry.contracts.transition.CommandResult.CommandRejected;
import io.mailferry.contracts.transition.CommandResult.CommandSucceeded;
import io.mailferry.contracts.transition.DeletionProof;
import io.mailferry.contracts.transition.Outcome;
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

/** Commands that are taken back, forgotten and given again, and those that need more than their sender's word. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class CommandLifeIT {
    private static final Instant HOUR_AGO = Instant.now().minusSeconds(3600);

    @TestHTTPResource("/")
    URI base;

    private Rest rest;
    private TestedTenant tenant;
    private TestedAgent agent;
    private ObjectNode status;
    private ServerId server;
    private BackupSetId mapiSet;
    private MailboxId mailbox;

    @BeforeEach
    void agentWithASet() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
        agent = tenant.enrol();
        status = TestedAgent.status("EX-LIFE", "15.0.1473.3");
        TestedAgent.addMailbox(TestedAgent.addSet(status, "the-set"), UUID.randomUUID(), "ada@example.test", 12);
        agent.report(status);
        List<Event> events = tenant.inventoryEvents(4);
        mailbox = ((MailboxChanged) events.get(2)).mailbox();
        BackupSetChanged set = (BackupSetChanged) events.get(3);
        server = set.server();
        mapiSet = set.backupSet();
    }

    @Test
    void cancelsAtOnceWhatTheAgentHasNotBegun() {
        CommandId command = freeze();
        CommandIT.delivered(agent);

        cancel(command);

        assertThat(end(command)).isInstanceOf(CommandCancelled.class);
        assertThat(beat().get("commands")).isEmpty();
        // The agent had begun unheard: it is told to stop, and what it did counts all the same.
        assertThat(running(command, 1).get("cancel")).hasSize(1);
        report(command, 1, "succeeded");
        assertThat(results(command, 3).getLast()).isInstanceOf(CommandSucceeded.class);
    }

    @Test
    void asksTheAgentToStopWhatItHasBegunUntilItSaysHowThatEnded() {
        CommandId command = freeze();
        CommandIT.delivered(agent);
        report(command, 1, "accepted");

        cancel(command);
        Eventually.isTrue(
                "the agent is asked to stop", () -> !beat().get("cancel").isEmpty());
        assertThat(beat().at("/cancel/0").asText()).isEqualTo(command.toString());
        assertThat(running(command, 1).get("cancel")).hasSize(1);
        assertThat(report(command, 1, "cancelled").at("/resultsTaken/0/outcome").asText())
                .isEqualTo("cancelled");

        assertThat(end(command)).isInstanceOf(CommandCancelled.class);
        assertThat(beat().get("cancel")).isEmpty();
    }

    @Test
    void takesTheSuccessOfWhatCouldNotBeStopped() {
        CommandId command = freeze();
        CommandIT.delivered(agent);
        report(command, 1, "accepted");
        cancel(command);
        Eventually.isTrue(
                "the agent is asked to stop", () -> !beat().get("cancel").isEmpty());

        report(command, 1, "succeeded");

        assertThat(end(command)).isInstanceOf(CommandSucceeded.class);
        assertThat(beat().get("cancel")).isEmpty();
    }

    @Test
    void leavesAnotherTenantsCommandAlone() {
        CommandId command = freeze();
        TestedTenant stranger = TestedTenant.create(rest);
        Topics.send(new TransitionCommand.CancelCommand(command, stranger.id(), server, inAnHour()));
        CommandId second = freeze();
        cancel(second);

        assertThat(end(second)).isInstanceOf(CommandCancelled.class);
        assertThat(CommandIT.delivered(agent).node().get("commandId").asText()).isEqualTo(command.toString());
    }

    @Test
    void givesACommandAgainToALiveAgentThatForgotItAndGivesUpAfterTheLastAttempt() {
        CommandId command = freeze();
        CommandIT.delivered(agent);
        for (int attempt = 1; attempt <= 3; attempt++) {
            report(command, attempt, "accepted");
            assertThat(beat().get("commands")).isEmpty();
            forget(command);
            JsonNode answer = beat();
            if (attempt < 3) {
                JsonNode again = answer.at("/commands/0");
                assertThat(again.get("commandId").asText()).isEqualTo(command.toString());
                assertThat(again.get("attempt").asInt()).isEqualTo(attempt + 1);
            }
        }

        assertThat(end(command))
                .isEqualTo(new CommandFailed(
                        tenant.id(), server, command, FailureCategory.TRANSIENT, CommandFailed.AGENT_SILENT));
    }

    @Test
    void doesNotGiveAgainWhatTheAgentSaysItRuns() {
        CommandId command = freeze();
        CommandIT.delivered(agent);
        report(command, 1, "accepted");
        forget(command);
        // Spoken of in the very request that shows that the agent lives.
        assertThat(running(command, 1).get("commands")).isEmpty();
        assertThat(running(command, 1).get("commands")).isEmpty();
        assertThat(beat().get("commands")).isEmpty();
        CommandId next = freeze();

        assertThat(CommandIT.delivered(agent).node().get("commandId").asText()).isEqualTo(next.toString());
        report(command, 1, "succeeded");
        assertThat(end(command)).isInstanceOf(CommandSucceeded.class);
    }

    private void forget(CommandId command) {
        Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.update(
                        connection,
                        "UPDATE inventory.agent_command SET unmentioned_since = now() - interval '2 hours' WHERE command = '"
                                + command + "'"));
    }

    @Test
    void deliversADeletionThatIsProvenAndApprovedByTwo() {
        CommandId command = delete("eve", List.of(by("ada"), by("bob")), proof(mailbox), HOUR_AGO);
        JsonNode delivered = CommandIT.delivered(agent).node();

        assertThat(delivered.get("type").asText()).isEqualTo("DeleteMapiBackupSet");
        assertThat(delivered.at("/payload/setRef").asText()).isEqualTo("the-set");
        assertThat(delivered.get("payload")).hasSize(1);
        report(command, 1, "succeeded");
        assertThat(((CommandSucceeded) end(command)).outcome()).isEqualTo(new Outcome.BackupSetDeleted());
    }

    @Test
    void refusesADeletionWhoseProofOrApprovalsAreNotEnough() {
        List<DeletionProof.Proven> proof = proof(mailbox);
        assertThat(refusal(delete("eve", List.of(by("ada")), proof, HOUR_AGO))).isEqualTo("APPROVALS_MISSING");
        assertThat(refusal(delete("eve", List.of(by("ada"), by(" ADA ")), proof, HOUR_AGO)))
                .isEqualTo("APPROVALS_MISSING");
        assertThat(refusal(delete("ada", List.of(by("ada"), by("bob")), proof, HOUR_AGO)))
                .isEqualTo("REQUESTER_APPROVED");
        Approval early = new Approval("bob", HOUR_AGO.minusSeconds(7200));
        assertThat(refusal(delete("eve", List.of(by("ada"), early), proof, HOUR_AGO)))
                .isEqualTo("APPROVED_BEFORE_PROOF");
        Approval toCome = new Approval("bob", inAnHour());
        assertThat(refusal(delete("eve", List.of(by("ada"), toCome), proof, HOUR_AGO)))
                .isEqualTo("APPROVED_BEFORE_PROOF");
        assertThat(refusal(delete("eve", List.of(by("ada"), by("bob")), proof, inAnHour())))
                .isEqualTo("HOLD_NOT_OVER");
        assertThat(refusal(delete("eve", List.of(by("ada"), by("bob")), proof(MailboxId.random()), HOUR_AGO)))
                .isEqualTo("PROOF_INCOMPLETE");
        assertThat(refusal(delete("eve", List.of(by("ada"), by("bob")), List.of(), HOUR_AGO)))
                .isEqualTo("PROOF_INCOMPLETE");
        mapiSet = BackupSetId.random();
        assertThat(refusal(delete("eve", List.of(by("ada"), by("bob")), proof, HOUR_AGO)))
                .isEqualTo("BACKUP_SET_UNKNOWN");
        assertThat(beat().get("commands")).isEmpty();
    }

    @Test
    void refusesToDeleteAnEwsSetAndPublicFolders() {
        ((ObjectNode) status.at("/backupSets/0"))
                .putObject("publicFolders")
                .put("items", 1)
                .put("bytes", 1);
        agent.report(status);
        assertThat(refusal(delete("eve", List.of(by("ada"), by("bob")), proof(mailbox), HOUR_AGO)))
                .isEqualTo("PUBLIC_FOLDERS_UNCOVERED");
        ((ObjectNode) status.at("/backupSets/0")).put("mode", "EWS").remove("publicFolders");
        agent.report(status);
        assertThat(refusal(delete("eve", List.of(by("ada"), by("bob")), proof(mailbox), HOUR_AGO)))
                .isEqualTo("NOT_A_MAPI_SET");
    }

    @Test
    void looksAgainBeforeItDeliversADeletion() {
        CommandId command = delete("eve", List.of(by("ada"), by("bob")), proof(mailbox), HOUR_AGO);
        assertThat(CommandIT.delivered(agent).node().get("commandId").asText()).isEqualTo(command.toString());
        // A mailbox has joined the set meanwhile, which nobody has exported.
        ((ArrayNode) status.at("/backupSets/0/mailboxes"))
                .addObject()
                .put("exchangeGuid", UUID.randomUUID().toString())
                .put("address", "new@example.test")
                .put("items", 1)
                .put("bytes", 1);
        agent.report(status);

        assertThat(refusal(command)).isEqualTo("PROOF_INCOMPLETE");
        assertThat(beat().get("commands")).isEmpty();
    }

    private CommandId delete(
            String requestedBy, List<Approval> approvals, List<DeletionProof.Proven> proven, Instant holdUntil) {
        CommandId command = CommandId.random();
        Topics.send(new TransitionCommand.DeleteMapiBackupSet(
                command,
                tenant.id(),
                server,
                agent.id,
                mapiSet,
                new DeletionProof(proven, holdUntil),
                requestedBy,
                approvals,
                inAnHour()));
        return command;
    }

    private static Approval by(String name) {
        return new Approval(name, HOUR_AGO.plusSeconds(60));
    }

    private static List<DeletionProof.Proven> proof(MailboxId mailbox) {
        return List.of(new DeletionProof.Proven(mailbox, RestorePointId.random(), HOUR_AGO));
    }

    private String refusal(CommandId command) {
        return ((CommandRejected) end(command)).cause();
    }

    private CommandId freeze() {
        CommandId command = CommandId.random();
        Topics.send(
                new TransitionCommand.FreezeMapiRetention(command, tenant.id(), server, agent.id, mapiSet, inAnHour()));
        return command;
    }

    private void cancel(CommandId command) {
        Topics.send(new TransitionCommand.CancelCommand(command, tenant.id(), server, inAnHour()));
    }

    private static Instant inAnHour() {
        return Instant.now().plusSeconds(3600);
    }

    private JsonNode beat() {
        Answer answer = agent.send(agent.next("h"));
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }

    private JsonNode running(CommandId command, int attempt) {
        ObjectNode body = agent.next("h");
        ((ArrayNode) body.get("running"))
                .addObject()
                .put("commandId", command.toString())
                .put("attempt", attempt);
        return agent.send(body).body();
    }

    private JsonNode report(CommandId command, int attempt, String outcome) {
        ObjectNode body = agent.next("h");
        ((ArrayNode) body.get("results"))
                .addObject()
                .put("commandId", command.toString())
                .put("attempt", attempt)
                .put("outcome", outcome);
        Answer answer = agent.send(body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    /** The command's last result, once there is one that ends it. */
    private CommandResult end(CommandId command) {
        Eventually.isTrue("the command ends", () -> ofCommand(command).stream().anyMatch(CommandLifeIT::isEnd));
        return ofCommand(command).stream().filter(CommandLifeIT::isEnd).toList().getLast();
    }

    private static boolean isEnd(CommandResult result) {
        return result instanceof CommandCancelled
                || result instanceof CommandFailed
                || result instanceof CommandRejected
                || result instanceof CommandSucceeded;
    }

    private List<CommandResult> results(CommandId command, int atLeast) {
        Eventually.isTrue("results of the command", () -> ofCommand(command).size() >= atLeast);
        return ofCommand(command);
    }

    private List<CommandResult> ofCommand(CommandId command) {
        return Topics.events(Topic.COMMAND_RESULT, tenant.id()).stream()
                .map((Event event) -> (CommandResult) event)
                .filter(result -> result.command().equals(command))
                .toList();
    }
}
