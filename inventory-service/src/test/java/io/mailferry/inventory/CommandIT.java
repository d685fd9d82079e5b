package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.RSAKey;
import io.mailferry.archive.escrow.Escrow;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetChanged;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.CommandResult.CommandExpired;
import io.mailferry.contracts.transition.CommandResult.CommandFailed;
import io.mailferry.contracts.transition.CommandResult.CommandRejected;
import io.mailferry.contracts.transition.CommandResult.CommandSucceeded;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.contracts.transition.TransitionCommand;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealParts.class)
class CommandIT {
    @TestHTTPResource("/")
    URI base;

    @Inject
    MeterRegistry meters;

    private Rest rest;
    private TestedTenant tenant;
    private TestedAgent agent;
    private ServerId server;
    private BackupSetId mapiSet;

    @BeforeEach
    void agentWithASet() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
        agent = tenant.enrol();
        ObjectNode status = TestedAgent.status("EX-CMD", "15.0.1473.3");
        TestedAgent.addMailbox(TestedAgent.addSet(status, "the-set"), UUID.randomUUID(), "ada@example.test", 12);
        agent.report(status);
        BackupSetChanged set = (BackupSetChanged) tenant.inventoryEvents(4).getLast();
        server = set.server();
        mapiSet = set.backupSet();
    }

    @Test
    void carriesACommandToItsAgentAndItsResultsBack() {
        CommandId command = CommandId.random();
        Topics.send(
                new TransitionCommand.FreezeMapiRetention(command, tenant.id(), server, agent.id, mapiSet, inAnHour()));
        JsonNode delivered = delivered();
        assertThat(delivered.get("commandId").asText()).isEqualTo(command.toString());
        assertThat(delivered.get("type").asText()).isEqualTo("FreezeMapiRetention");
        assertThat(delivered.at("/payload/setRef").asText()).isEqualTo("the-set");
        // Until the agent accepts, each answer delivers it again.
        assertThat(agent.send(agent.next("h")).body().get("commands")).hasSize(1);

        Answer accepted = report(command, "accepted", null, null);
        assertThat(accepted.body().get("commands")).isEmpty();
        assertThat(accepted.body().at("/resultsTaken/0/outcome").asText()).isEqualTo("accepted");
        report(command, "succeeded", null, null);
        // What was taken and is sent again is taken again and told once.
        assertThat(report(command, "succeeded", null, null).body().get("resultsTaken"))
                .hasSize(1);

        List<CommandResult> results = results(command, 3);
        assertThat(results)
                .extracting(result -> result.getClass().getSimpleName())
                .containsExactly("CommandDelivered", "CommandAccepted", "CommandSucceeded");
        assertThat(((CommandSucceeded) results.getLast()).outcome()).isEqualTo(new Outcome.RetentionFrozen());
    }

    @Test
    void takesACommandOnceHoweverOftenTheTopicRepeatsIt() {
        CommandId command = CommandId.random();
        var record = Topics.encode(
                new TransitionCommand.DisableMapiSchedule(command, tenant.id(), server, agent.id, mapiSet, inAnHour()));
        Topics.send(record);
        delivered();
        report(command, "failed", "agentTooOld", null);
        Topics.send(record);
        CommandId next = CommandId.random();
        Topics.send(new TransitionCommand.UpgradeAgent(next, tenant.id(), server, agent.id, "4.3", inAnHour()));

        assertThat(delivered().get("commandId").asText()).isEqualTo(next.toString());
        CommandFailed failed = (CommandFailed) results(command, 2).getLast();
        assertThat(failed.cause()).isEqualTo("AGENT_TOO_OLD");
    }

    @Test
    void keepsEscrowedSettingsInTheBucketAndOnlyTheirFingerprintElsewhere() throws Exception {
        CommandId command = CommandId.random();
        Topics.send(new TransitionCommand.EscrowAgentSettings(command, tenant.id(), server, agent.id, inAnHour()));
        JsonNode payload = delivered().get("payload");
        RSAKey key = RSAKey.parse(payload.get("publicKey").toString());
        assertThat(key.isPrivate()).isFalse();
        assertThat(payload.get("kid").asText()).isEqualTo(key.getKeyID());

        String secret = "the agent's encryption key";
        String jwe = encrypted(key, secret);
        ObjectNode detail = Rest.MAPPER.createObjectNode().put("jwe", jwe);
        assertThat(report(command, "succeeded", null, detail).status()).isEqualTo(200);
        // Sent again, encrypted anew: the first one stays.
        report(command, "succeeded", null, Rest.MAPPER.createObjectNode().put("jwe", encrypted(key, secret)));

        Outcome.SettingsEscrowed escrowed = (Outcome.SettingsEscrowed)
                ((CommandSucceeded) results(command, 2).getLast()).outcome();
        assertThat(escrowed.object()).isEqualTo("t/" + tenant.id() + "/escrow/" + agent.id + "/" + command + ".jwe");
        assertThat(escrowed.sha256()).isEqualTo(RealParts.sha256(jwe));
        try (ObjectStore store = bucket()) {
            String stored = new String(store.get(escrowed.object()).orElseThrow(), StandardCharsets.US_ASCII);
            assertThat(stored).isEqualTo(jwe);
            RSAKey privateKey = TenantKeys.open(RealParts.keys(), false).escrowPrivate(tenant.id());
            assertThat(Escrow.open(stored, privateKey)).asString().isEqualTo(secret);
        }
        assertThat(Database.everything()).doesNotContain(jwe.substring(0, 40)).doesNotContain(secret);
    }

    @Test
    void refusesAnEscrowThatNobodyCouldOpenAndWaitsForABetterOne() throws Exception {
        CommandId command = CommandId.random();
        Topics.send(new TransitionCommand.EscrowAgentSettings(command, tenant.id(), server, agent.id, inAnHour()));
        RSAKey key = RSAKey.parse(delivered().at("/payload/publicKey").toString());

        for (String bad : new String[] {"plain settings", "a.b.c.d.e", encrypted(otherKey(key), "x")}) {
            Answer refused = report(
                    command, "succeeded", null, Rest.MAPPER.createObjectNode().put("jwe", bad));
            assertThat(refused.status()).as(bad).isEqualTo(400);
            assertThat(refused.text("field")).isEqualTo("results[0].detail.jwe");
        }
        assertThat(report(command, "succeeded", null, null).text("field")).isEqualTo("results[0].detail");
        ObjectNode good = Rest.MAPPER.createObjectNode().put("jwe", encrypted(key, "x"));
        assertThat(report(command, "succeeded", null, good).status()).isEqualTo(200);
        assertThat(results(command, 2).getLast()).isInstanceOf(CommandSucceeded.class);
    }

    @Test
    void tellsWhatCannotBeDeliveredAndWhatExpiredUndelivered() {
        CommandId unknownSet = CommandId.random();
        Topics.send(new TransitionCommand.FreezeMapiRetention(
                unknownSet, tenant.id(), server, agent.id, BackupSetId.random(), inAnHour()));
        CommandId tooLate = CommandId.random();
        Topics.send(new TransitionCommand.UpgradeAgent(
                tooLate, tenant.id(), server, agent.id, "4.3", Instant.now().minusSeconds(1)));
        CommandId ignored = CommandId.random();
        Topics.send(new TransitionCommand.UpgradeAgent(
                ignored, tenant.id(), server, agent.id, "4.3", Instant.now().plusSeconds(2)));

        assertThat(((CommandRejected) results(unknownSet, 1).getFirst()).cause())
                .isEqualTo("BACKUP_SET_UNKNOWN");
        assertThat(results(tooLate, 1).getFirst()).isInstanceOf(CommandExpired.class);
        assertThat(results(ignored, 1).getLast()).isInstanceOf(CommandExpired.class);
        Answer late = agent.send(withRunning(ignored));
        assertThat(late.body().at("/cancel/0").asText()).isEqualTo(ignored.toString());
        assertThat(late.body().get("commands")).isEmpty();
    }

    @Test
    void tellsASuccessThatComesAfterTheCommandExpiredAndCountsIt() {
        CommandId command = CommandId.random();
        Topics.send(
                new TransitionCommand.FreezeMapiRetention(command, tenant.id(), server, agent.id, mapiSet, inAnHour()));
        delivered();
        expire(command);
        double before = lateResults("succeeded", true);

        // A late failure changes nothing, a late success counts, and after it nothing does.
        report(command, "failed", "busy", null);
        report(command, "succeeded", null, null);
        report(command, "succeeded", null, null);
        report(command, "failed", "busy", null);

        assertThat(results(command, 3))
                .extracting(result -> result.getClass().getSimpleName())
                .containsExactly("CommandDelivered", "CommandExpired", "CommandSucceeded");
        assertThat(lateResults("succeeded", true)).isEqualTo(before + 1);
        assertThat(lateResults("failed", false)).isGreaterThanOrEqualTo(2);
    }

    @Test
    void keepsALostCommandAsAFailureAndTakesItsSuccessAllTheSame() {
        CommandId command = CommandId.random();
        Topics.send(
                new TransitionCommand.FreezeMapiRetention(command, tenant.id(), server, agent.id, mapiSet, inAnHour()));
        delivered();
        report(command, "accepted", null, null);
        deadlineWas("25 hours", command);
        assertThat(results(command, 3).getLast()).isInstanceOf(CommandFailed.class);
        // What a service of the version before wrote, and can still read.
        assertThat(row(command)).isEqualTo("FAILED TRANSIENT AGENT_SILENT");

        report(command, "failed", "busy", null);
        report(command, "succeeded", null, null);

        assertThat(results(command, 4).getLast()).isInstanceOf(CommandSucceeded.class);
        assertThat(row(command)).startsWith("SUCCEEDED");
    }

    private static String row(CommandId command) {
        return Database.as(
                        RealParts.postgres().superuser(),
                        connection -> Database.list(
                                connection,
                                "SELECT concat_ws(' ', state, category, cause) FROM inventory.agent_command"
                                        + " WHERE command = '" + command + "'"))
                .getFirst();
    }

    private void expire(CommandId command) {
        deadlineWas("1 second", command);
        assertThat(results(command, 2).getLast()).isInstanceOf(CommandExpired.class);
    }

    /** The clock is the service's; so it is the deadline that moves. */
    private static void deadlineWas(String ago, CommandId command) {
        Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.update(
                        connection,
                        "UPDATE inventory.agent_command SET expires_at = now() - interval '" + ago
                                + "' WHERE command = '" + command + "'"));
    }

    private double lateResults(String outcome, boolean counted) {
        return meters
                .find("mailferry.inventory.late.results")
                .tag("outcome", outcome)
                .tag("counted", Boolean.toString(counted))
                .counters()
                .stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void tellsAnotherTenantsAgentNothingAndTakesNothingFromIt() {
        CommandId command = CommandId.random();
        Topics.send(new TransitionCommand.UpgradeAgent(command, tenant.id(), server, agent.id, "4.3", inAnHour()));
        delivered();
        TestedAgent foreign = TestedTenant.create(rest).enrol();

        Answer answer = foreign.send(withResult(foreign, command, "rejected", "busy", null));

        assertThat(answer.body().get("commands")).isEmpty();
        // Taken, so that an agent whose command is unknown here can forget it, and without effect.
        assertThat(answer.body().get("resultsTaken")).hasSize(1);
        ObjectNode version = Rest.MAPPER.createObjectNode().put("version", "4.3.0");
        report(command, "succeeded", null, version);
        assertThat(((CommandSucceeded) results(command, 2).getLast()).outcome())
                .isEqualTo(new Outcome.AgentVersionReached("4.3.0"));
    }

    @Test
    void letsOtherServicesCommandsPass() {
        int setAside = Topics.records(Topic.TRANSITION_COMMAND.deadLetterName()).size();
        Topics.send(new TransitionCommand.VerifyRestorePoint(
                CommandId.random(), tenant.id(), server, MailboxId.random(), Optional.empty(), inAnHour()));
        Topics.send(new TransitionCommand.CreateEwsBackupSet(
                CommandId.random(),
                tenant.id(),
                server,
                agent.id,
                mapiSet,
                "EWS",
                List.of(new UUID(1, 2)),
                inAnHour()));

        JsonNode delivered = delivered();
        assertThat(delivered.at("/payload/mapiSetRef").asText()).isEqualTo("the-set");
        assertThat(delivered.at("/payload/mailboxes/0").asText()).isEqualTo(new UUID(1, 2).toString());
        assertThat(Topics.records(Topic.TRANSITION_COMMAND.deadLetterName())).hasSize(setAside);
    }

    private static Instant inAnHour() {
        return Instant.now().plusSeconds(3600);
    }

    /** A command as an answer delivered it. */
    record Delivered(JsonNode node) {
        RSAKey key() throws ParseException {
            return RSAKey.parse(node.at("/payload/publicKey").toString());
        }
    }

    private JsonNode delivered() {
        return delivered(agent).node();
    }

    /** The one command that the next answers deliver. */
    static Delivered delivered(TestedAgent agent) {
        JsonNode[] found = new JsonNode[1];
        Eventually.isTrue("a command is delivered", () -> {
            found[0] = agent.send(agent.next("h")).body().path("commands");
            return !found[0].isEmpty();
        });
        assertThat(found[0]).hasSize(1);
        return new Delivered(found[0].get(0));
    }

    private Answer report(CommandId command, String outcome, String cause, ObjectNode detail) {
        return agent.send(withResult(agent, command, outcome, cause, detail));
    }

    static ObjectNode withResult(TestedAgent from, CommandId command, String outcome, String cause, ObjectNode detail) {
        ObjectNode body = from.next("h");
        ObjectNode result = ((ArrayNode) body.get("results"))
                .addObject()
                .put("commandId", command.toString())
                .put("attempt", 1)
                .put("outcome", outcome);
        if (cause != null) {
            result.put("cause", cause);
        }
        if (detail != null) {
            result.set("detail", detail);
        }
        return body;
    }

    private ObjectNode withRunning(CommandId command) {
        ObjectNode body = agent.next("h");
        ((ArrayNode) body.get("running"))
                .addObject()
                .put("commandId", command.toString())
                .put("attempt", 1)
                .put("phase", "working")
                .put("percent", 10);
        return body;
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

    static String encrypted(RSAKey key, String text) throws Exception {
        JWEObject jwe = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)
                        .keyID(key.getKeyID())
                        .build(),
                new Payload(text));
        jwe.encrypt(new RSAEncrypter(key));
        return jwe.serialize();
    }

    /** The same key by another name: what an agent that mixed up tenants would use. */
    private static RSAKey otherKey(RSAKey key) {
        return new RSAKey.Builder(key).keyID("another").build();
    }

    private static ObjectStore bucket() {
        return new ObjectStore(StoreSettings.of(
                URI.create(RealParts.s3().endpoint()),
                RealParts.s3().bucket(),
                RealParts.s3().accessKey(),
                RealParts.s3().secretKey(),
                RealParts.s3().region()));
    }
}
