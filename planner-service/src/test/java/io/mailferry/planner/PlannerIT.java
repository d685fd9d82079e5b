package io.mailferry.planner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.exchange.Trust;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.contracts.upload.UploadProgress;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service on a real Kafka and a real PostgreSQL, from what it is told to what it commands. */
@QuarkusTest
@QuarkusTestResource(PlannerParts.class)
class PlannerIT {
    private static final EwsEndpoint ENDPOINT = new EwsEndpoint(
            "https://exchange.example/EWS/Exchange.asmx", new Trust.Pinned("ab".repeat(32)), "ex1", true, false);

    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(management = true)
    URI management;

    private final TenantId tenant = TenantId.random();
    private final ServerId server = ServerId.random();
    private final AgentId agent = AgentId.random();
    private final BackupSetId set = BackupSetId.random();
    private final MailboxId first = MailboxId.random();
    private final MailboxId second = MailboxId.random();
    private Outside outside;

    @BeforeEach
    void openOutside() {
        outside = new Outside(base);
    }

    @AfterEach
    void closeOutside() {
        outside.close();
    }

    @Test
    void carriesASetFromItsDiscoveryToADonePlan() {
        discover("15.0.1395.12", "4.1.0");

        JsonNode verdict =
                outside.readUntil(verdicts(), node -> node.size() == 1).get(0);
        assertThat(verdict.get("risk").asText()).isEqualTo("DEGRADED");
        String plan = onlyPlan();
        TransitionCommand.FreezeMapiRetention freeze = command(TransitionCommand.FreezeMapiRetention.class);
        assertThat(freeze.mapiSet()).isEqualTo(set);
        succeed(freeze, new Outcome.RetentionFrozen());
        TransitionCommand.EscrowAgentSettings escrow = command(TransitionCommand.EscrowAgentSettings.class);
        succeed(escrow, new Outcome.SettingsEscrowed("t/x/escrow/y.jwe", "ab"));
        TransitionCommand.UpgradeAgent upgrade = command(TransitionCommand.UpgradeAgent.class);
        assertThat(upgrade.minimumVersion()).isEqualTo("4.3");
        succeed(upgrade, new Outcome.AgentVersionReached("4.3.0"));
        TransitionCommand.CreateEwsBackupSet create = command(TransitionCommand.CreateEwsBackupSet.class);
        assertThat(create.mailboxes()).hasSize(2);
        succeed(create, new Outcome.EwsSetCreated("17"));

        outside.readUntil("/api/v1/plans/" + plan, node -> state(node).equals("WAITING_FOR_ENDPOINT"));
        outside.tell(new InventoryEvent.ServerConnected(tenant, server, ENDPOINT));
        proveMailbox(first);
        assertThat(outside.commandsSoFar(command -> command instanceof TransitionCommand.DisableMapiSchedule disable
                        && disable.server().equals(server)))
                .isEmpty();
        proveMailbox(second);
        succeed(command(TransitionCommand.DisableMapiSchedule.class), new Outcome.ScheduleDisabled());

        JsonNode done =
                outside.readUntil("/api/v1/plans/" + plan, node -> state(node).equals("DONE"));
        assertThat(steps(done)).allMatch(step -> state(step).equals("DONE"));
        assertThat(step(done, "export-" + first).get("outcome").get("type").asText())
                .isEqualTo("ExportFinished");
        assertThat(outside.commandsSoFar(command -> command.server().equals(server)))
                .as("each command once")
                .hasSize(9);
    }

    @Test
    void changesThePlanAtOnceWhenTheServerJumpsToCu23() {
        discover("15.0.1473.3", "4.3.0");
        String plan = onlyPlan();
        command(TransitionCommand.EscrowAgentSettings.class);

        outside.tell(new InventoryEvent.ExchangeUpdated(tenant, server, build("15.0.1473.3"), build("15.0.1497.2")));

        assertThat(command(TransitionCommand.DisableMapiSchedule.class).mapiSet())
                .isEqualTo(set);
        JsonNode verdict = outside.readUntil(
                        verdicts(),
                        node -> "BROKEN".equals(node.path(0).path("risk").asText()))
                .get(0);
        assertThat(verdict.get("facts").get("build").asText()).isEqualTo("15.0.1497.2");
        assertThat(state(step(outside.read("/api/v1/plans/" + plan), "upgrade-agent")))
                .isEqualTo("SKIPPED");
    }

    @Test
    void keepsTheScheduleOfASetWhosePublicFoldersNobodyReads() {
        discover("15.0.1395.12", "4.3.0", Optional.of(new PublicFolders(40, 2_000)));
        String plan = onlyPlan();
        succeed(command(TransitionCommand.FreezeMapiRetention.class), new Outcome.RetentionFrozen());
        succeed(
                command(TransitionCommand.EscrowAgentSettings.class),
                new Outcome.SettingsEscrowed("t/x/escrow/y.jwe", "ab"));
        succeed(command(TransitionCommand.CreateEwsBackupSet.class), new Outcome.EwsSetCreated("17"));
        outside.tell(new InventoryEvent.ServerConnected(tenant, server, ENDPOINT));
        proveMailbox(first);
        proveMailbox(second);

        JsonNode asking =
                outside.readUntil("/api/v1/plans/" + plan, node -> state(node).equals("ASKING"));
        assertThat(asking.at("/questions/0/word").asText()).isEqualTo("PUBLIC_FOLDERS_UNCOVERED");
        assertThat(asking.at("/uncovered/0/part").asText()).isEqualTo("PUBLIC_FOLDERS");
        assertThat(asking.at("/uncovered/0/cause").asText()).isEqualTo("NOT_READ_BY_EWS");
        assertThat(step(asking, "disable-schedule").get("reason").asText()).isEqualTo("PUBLIC_FOLDERS");
        JsonNode verdict = outside.read(verdicts()).get(0);
        assertThat(verdict.at("/uncovered/0/items").asLong()).isEqualTo(40);
        assertThat(verdict.get("sentence").asText()).contains("MAPI cannot back up the 40 items");
        assertThat(outside.commandsSoFar(command -> command instanceof TransitionCommand.DisableMapiSchedule
                        && command.server().equals(server)))
                .isEmpty();

        outside.tell(set(Optional.empty()));

        assertThat(command(TransitionCommand.DisableMapiSchedule.class).mapiSet())
                .isEqualTo(set);
    }

    @Test
    void countsASuccessThatIsToldAfterItsCommandWasGivenUp() {
        discover("15.0.1497.2", "4.3.0");
        TransitionCommand escrow = command(TransitionCommand.EscrowAgentSettings.class);
        outside.tell(new CommandResult.CommandExpired(tenant, server, escrow.command()));
        outside.readUntil(
                "/api/v1/commands/" + escrow.command(), node -> state(node).equals("EXPIRED"));

        succeed(escrow, new Outcome.SettingsEscrowed("t/x/escrow/y.jwe", "ab"));

        command(TransitionCommand.CreateEwsBackupSet.class);
        JsonNode late = outside.read("/api/v1/commands/" + escrow.command());
        assertThat(state(late)).isEqualTo("SUCCEEDED");
        assertThat(late.hasNonNull("givenUpAt")).isTrue();
    }

    @Test
    void makesNoPlanWhereNothingIsAtRiskAndAsksWhereTheBuildIsMissing() {
        discover("15.0.1347.5", "4.1.0");
        outside.readUntil(
                verdicts(),
                node -> "UNAFFECTED".equals(node.path(0).path("risk").asText()));

        outside.tell(new InventoryEvent.ExchangeUpdated(tenant, server, build("15.0.1347.5"), Optional.empty()));

        JsonNode verdict = outside.readUntil(
                        verdicts(),
                        node -> "UNKNOWN".equals(node.path(0).path("risk").asText()))
                .get(0);
        assertThat(verdict.get("asks").asText()).isNotBlank();
        assertThat(outside.read("/api/v1/tenants/" + tenant + "/plans")).isEmpty();
        JsonNode listed = StreamSupport.stream(
                        outside.read("/api/v1/fleet?limit=5000").spliterator(), false)
                .filter(node -> node.get("server").asText().equals(server.toString()))
                .findFirst()
                .orElseThrow();
        assertThat(listed.get("backupSets").get(0).get("risk").asText()).isEqualTo("UNKNOWN");
        assertThat(listed.has("build")).isFalse();
        assertThat(listed.get("mailboxes").asInt()).isEqualTo(2);
    }

    @Test
    void fearsAPlannedUpdateOnlyWhileItIsPlanned() {
        discover("15.0.1347.5", "4.1.0");
        outside.tell(new InventoryEvent.ExchangeUpdatePlanned(
                tenant, server, build("15.0.1497.2").orElseThrow(), Instant.parse("2027-01-20T20:00:00Z")));
        outside.readUntil(
                verdicts(), node -> "AT_RISK".equals(node.path(0).path("risk").asText()));

        outside.tell(new InventoryEvent.ExchangeUpdateWithdrawn(
                tenant, server, build("15.0.1497.2").orElseThrow()));

        JsonNode verdict = outside.readUntil(
                        verdicts(),
                        node -> "UNAFFECTED".equals(node.path(0).path("risk").asText()))
                .get(0);
        assertThat(verdict.get("facts").has("plannedBuild")).isFalse();
    }

    @Test
    void takesEachResultOnceHoweverOftenItComes() {
        discover("15.0.1497.2", "4.3.0");
        TransitionCommand escrow = command(TransitionCommand.EscrowAgentSettings.class);
        CommandResult succeeded = new CommandResult.CommandSucceeded(
                tenant, server, escrow.command(), new Outcome.SettingsEscrowed("t/x/escrow/y.jwe", "ab"));
        EventId id = EventId.random();
        outside.tell(id, succeeded);
        outside.tell(id, succeeded);
        outside.tell(succeeded);
        outside.tell(new CommandResult.CommandAccepted(tenant, server, escrow.command()));

        TransitionCommand create = command(TransitionCommand.CreateEwsBackupSet.class);
        succeed(create, new Outcome.EwsSetCreated("17"));
        outside.readUntil(
                "/api/v1/commands/" + create.command(), node -> state(node).equals("SUCCEEDED"));

        assertThat(state(outside.read("/api/v1/commands/" + escrow.command()))).isEqualTo("SUCCEEDED");
        assertThat(outside.commandsSoFar(command ->
                        command.server().equals(server) && command instanceof TransitionCommand.CreateEwsBackupSet))
                .hasSize(1);
    }

    @Test
    void goesOnWithItsPlansWhileAgentsAndFleetsAreSilent() {
        outside.tell(new InventoryEvent.FleetSilent(tenant, InventoryEvent.FleetSilence.GATEWAY_AWAY, 12, 12));
        outside.tell(new InventoryEvent.FleetReturned(tenant, 12, 1));
        outside.tell(new InventoryEvent.AgentSilent(tenant, server, agent, Instant.EPOCH));
        discover("15.0.1497.2", "4.3.0");
        TransitionCommand escrow = command(TransitionCommand.EscrowAgentSettings.class);
        outside.tell(new InventoryEvent.AgentReturned(tenant, server, agent));
        succeed(escrow, new Outcome.SettingsEscrowed("t/x/escrow/y.jwe", "ab"));

        assertThat(command(TransitionCommand.CreateEwsBackupSet.class)).isNotNull();
    }

    @Test
    void showsACancelledCommandAndAsksWhetherItIsWantedAgain() {
        discover("15.0.1497.2", "4.3.0");
        String plan = onlyPlan();
        TransitionCommand escrow = command(TransitionCommand.EscrowAgentSettings.class);
        outside.tell(new CommandResult.CommandCancelled(tenant, server, escrow.command()));

        JsonNode asking =
                outside.readUntil("/api/v1/plans/" + plan, node -> state(node).equals("ASKING"));
        assertThat(asking.get("questions").get(0).get("word").asText()).isEqualTo("CANCELLED");
        assertThat(state(outside.read("/api/v1/commands/" + escrow.command()))).isEqualTo("CANCELLED");
    }

    @Test
    void asksAnOperatorAfterAPermanentFailureAndRetriesOnTheirWord() {
        discover("15.0.1497.2", "4.3.0");
        String plan = onlyPlan();
        TransitionCommand escrow = command(TransitionCommand.EscrowAgentSettings.class);
        outside.tell(new CommandResult.CommandFailed(
                tenant, server, escrow.command(), FailureCategory.PERMANENT, "KEY_REFUSED"));

        JsonNode asking =
                outside.readUntil("/api/v1/plans/" + plan, node -> state(node).equals("ASKING"));
        assertThat(asking.get("questions").get(0).get("word").asText()).isEqualTo("KEY_REFUSED");

        String retry = "/api/v1/plans/" + plan + "/steps/escrow-settings/retry";
        assertThat(outside.post(retry, PlannerParts.TOKEN_OF_ALL, null).statusCode())
                .isEqualTo(200);
        assertThat(command(
                                TransitionCommand.EscrowAgentSettings.class,
                                each -> !each.command().equals(escrow.command()))
                        .agent())
                .isEqualTo(agent);
        HttpResponse<String> again = outside.post(retry, PlannerParts.TOKEN_OF_ALL, null);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(outside.json(again).get("detail").asText()).contains("Only a failed step");
    }

    @Test
    void triesAgainByItselfAfterAFailureThatMayPass() {
        discover("15.0.1497.2", "4.3.0");
        TransitionCommand escrow = command(TransitionCommand.EscrowAgentSettings.class);

        outside.tell(new CommandResult.CommandFailed(
                tenant, server, escrow.command(), FailureCategory.TRANSIENT, "AGENT_BUSY"));

        command(
                TransitionCommand.EscrowAgentSettings.class,
                each -> !each.command().equals(escrow.command()));
    }

    @Test
    void givesUpACommandThatNobodyAnswersAndTriesAnew() throws SQLException {
        discover("15.0.1497.2", "4.3.0");
        TransitionCommand escrow = command(TransitionCommand.EscrowAgentSettings.class);

        // The clock is the service's; so it is the deadline that moves.
        try (Database database = Database.asSuperuser()) {
            assertThat(database.update("UPDATE planner.command SET expires_at = now() - interval '1 hour',"
                            + " overdue_at = now() - interval '1 minute' WHERE command = '" + escrow.command() + "'"))
                    .isEqualTo(1);
        }

        outside.readUntil(
                "/api/v1/commands/" + escrow.command(), node -> state(node).equals("EXPIRED"));
        command(
                TransitionCommand.EscrowAgentSettings.class,
                each -> !each.command().equals(escrow.command()));
    }

    @Test
    void waitsOutARestartOfTheDatabase() throws SQLException {
        discover("15.0.1497.2", "4.3.0");
        TransitionCommand escrow = command(TransitionCommand.EscrowAgentSettings.class);

        try (Database database = Database.asSuperuser()) {
            database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'planner_app'");
        }
        succeed(escrow, new Outcome.SettingsEscrowed("t/x/escrow/y.jwe", "ab"));

        command(TransitionCommand.CreateEwsBackupSet.class);
    }

    @Test
    void showsItsHealthAndItsFigures() {
        discover("15.0.1497.2", "4.3.0");
        command(TransitionCommand.DisableMapiSchedule.class);

        assertThat(outside.read(management.resolve("/q/health/ready").toString())
                        .get("status")
                        .asText())
                .isEqualTo("UP");
        Outside.await("figures", () -> {
            String figures = outside.get(management.resolve("/q/metrics").toString(), null)
                    .body();
            boolean all = figures.contains("mailferry_planner_plans{state=\"")
                    && figures.contains("mailferry_planner_steps{state=\"COMMANDED\"}")
                    && figures.contains("mailferry_planner_risk{verdict=\"BROKEN\"}")
                    && figures.contains("mailferry_planner_commands{state=\"ISSUED\",type=\"DisableMapiSchedule\"}")
                    && figures.contains("mailferry_outbox_pending");
            return all ? figures : null;
        });
    }

    @Test
    void exportsAndVerifiesOnDemandWithoutAgentAndPlan() {
        outside.tell(new InventoryEvent.ServerDiscovered(tenant, server, "EX9", Optional.empty()));
        outside.tell(mailbox(first, Optional.empty()));
        String exports = "/api/v1/tenants/" + tenant + "/exports";
        String body = "{\"mailboxId\":\"" + first + "\"}";
        HttpResponse<String> refused = Outside.await("mailbox", () -> {
            HttpResponse<String> answer = outside.post(exports, PlannerParts.TOKEN_OF_ALL, body);
            return answer.statusCode() == 404 ? null : answer;
        });
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(outside.json(refused).get("detail").asText()).contains("connect the server");

        outside.tell(new InventoryEvent.ServerConnected(tenant, server, ENDPOINT));
        HttpResponse<String> accepted = Outside.await("endpoint", () -> {
            HttpResponse<String> answer = outside.post(exports, PlannerParts.TOKEN_OF_ALL, body);
            return answer.statusCode() == 409 ? null : answer;
        });

        assertThat(accepted.statusCode()).isEqualTo(202);
        CommandId commandId =
                CommandId.of(outside.json(accepted).get("commandId").asText());
        TransitionCommand.ExportMailbox export = command(TransitionCommand.ExportMailbox.class);
        assertThat(export.command()).isEqualTo(commandId);
        assertThat(export.endpoint()).isEqualTo(ENDPOINT);
        assertThat(export.backupSet()).isEmpty();
        outside.tell(new CommandResult.CommandProgressed(tenant, server, commandId, 5, 500, 50));
        JsonNode running = outside.readUntil(
                "/api/v1/commands/" + commandId, node -> state(node).equals("RUNNING"));
        assertThat(running.get("progress").get("expectedItems").asInt()).isEqualTo(50);
        RestorePointId restorePoint = RestorePointId.random();
        succeed(export, new Outcome.ExportFinished(restorePoint, 50, Map.of(), 5_000, true));
        JsonNode succeeded = outside.readUntil(
                "/api/v1/commands/" + commandId, node -> state(node).equals("SUCCEEDED"));
        assertThat(succeeded.get("outcome").get("items").asInt()).isEqualTo(50);

        HttpResponse<String> verification = outside.post(
                "/api/v1/tenants/" + tenant + "/verifications",
                PlannerParts.TOKEN_OF_ALL,
                "{\"mailboxId\":\"" + first + "\",\"restorePoint\":\"" + restorePoint + "\"}");
        assertThat(verification.statusCode()).isEqualTo(202);
        assertThat(command(TransitionCommand.VerifyRestorePoint.class).restorePoint())
                .contains(restorePoint);
    }

    @Test
    void setsAnEventOfUnknownTypeAsideAndGoesOn() {
        ProducerRecord<byte[], byte[]> unknown =
                outside.encoded(new InventoryEvent.ServerDiscovered(tenant, server, "EX1", Optional.empty()));
        unknown.headers().remove("ce_type");
        unknown.headers().add("ce_type", "mailferry.inventory.ServerAbducted.v1".getBytes(StandardCharsets.UTF_8));
        outside.send(unknown);
        outside.send(new ProducerRecord<>(
                Topic.INVENTORY_EVENT.topicName(),
                unknown.key(),
                "not an event at all".getBytes(StandardCharsets.UTF_8)));
        outside.tell(new CommandResult.CommandAccepted(tenant, server, CommandId.random()));

        assertThat(reasonOf(Topic.INVENTORY_EVENT, "UNKNOWN_TYPE")).isNotEmpty();
        assertThat(reasonOf(Topic.INVENTORY_EVENT, "NOT_A_CLOUD_EVENT")).isNotEmpty();
        assertThat(reasonOf(Topic.COMMAND_RESULT, "IMPOSSIBLE")).isNotEmpty();
        discover("15.0.1497.2", "4.3.0");
        command(TransitionCommand.DisableMapiSchedule.class);
    }

    @Test
    void remembersTheNewestRestorePointOfAMailbox() {
        discover("15.0.1347.5", "4.3.0");
        RestorePointId newest = RestorePointId.random();
        outside.tell(recorded(newest, 7));
        outside.tell(recorded(RestorePointId.random(), 5));
        outside.tell(recorded(newest, 7));
        RestorePointId later = RestorePointId.random();
        outside.tell(recorded(later, 9));

        JsonNode head = outside.readUntil(
                "/api/v1/tenants/" + tenant + "/mailboxes/" + first + "/head",
                node -> node.path("logNumber").asLong() == 9);
        assertThat(head.get("restorePoint").asText()).isEqualTo(later.toString());
    }

    @Test
    void letsNobodySeeAnotherTenantsThings() {
        discover("15.0.1497.2", "4.3.0");
        String plan = onlyPlan();
        TransitionCommand command = command(TransitionCommand.EscrowAgentSettings.class);
        List<String> paths = List.of(
                "/api/v1/plans/" + plan,
                "/api/v1/commands/" + command.command(),
                "/api/v1/tenants/" + tenant + "/plans",
                "/api/v1/tenants/" + tenant + "/verdicts",
                "/api/v1/tenants/" + tenant + "/mailboxes/" + first + "/head");
        for (String path : paths) {
            assertThat(outside.get(path, null).statusCode()).as(path).isEqualTo(401);
            assertThat(outside.get(path, "token-of-nobody").statusCode())
                    .as(path)
                    .isEqualTo(401);
            HttpResponse<String> foreign = outside.get(path, PlannerParts.TOKEN_OF_ONE);
            assertThat(foreign.statusCode()).as(path).isEqualTo(404);
            assertThat(foreign.headers().firstValue("Content-Type")).contains("application/problem+json");
        }
        String body = "{\"mailboxId\":\"" + first + "\"}";
        assertThat(outside.post("/api/v1/tenants/" + tenant + "/exports", PlannerParts.TOKEN_OF_ONE, body)
                        .statusCode())
                .isEqualTo(404);
        assertThat(outside.post(
                                "/api/v1/tenants/" + PlannerParts.TENANT_OF_ONE + "/exports",
                                PlannerParts.TOKEN_OF_ONE,
                                body)
                        .statusCode())
                .as("another tenant's mailbox in one's own tenant")
                .isEqualTo(404);
        assertThat(outside.json(outside.get("/api/v1/fleet", PlannerParts.TOKEN_OF_ONE)))
                .isEmpty();
    }

    @Test
    void namesTheFieldThatIsWrong() {
        HttpResponse<String> answer =
                outside.post("/api/v1/tenants/" + tenant + "/exports", PlannerParts.TOKEN_OF_ALL, "{}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(outside.json(answer).get("field").asText()).isEqualTo("mailboxId");
        assertThat(outside.post("/api/v1/tenants/" + tenant + "/exports", PlannerParts.TOKEN_OF_ALL, "no json")
                        .statusCode())
                .isEqualTo(400);
        assertThat(outside.get("/api/v1/fleet?limit=0", PlannerParts.TOKEN_OF_ALL)
                        .statusCode())
                .isEqualTo(400);
    }

    private void discover(String build, String agentVersion) {
        discover(build, agentVersion, Optional.empty());
    }

    private void discover(String build, String agentVersion, Optional<PublicFolders> publicFolders) {
        outside.tell(new InventoryEvent.ServerDiscovered(tenant, server, "EX1", build(build)));
        outside.tell(new InventoryEvent.AgentRegistered(tenant, server, agent, "CloudBacko Pro", agentVersion));
        outside.tell(mailbox(first, Optional.of(set)));
        outside.tell(mailbox(second, Optional.of(set)));
        outside.tell(set(publicFolders));
    }

    private InventoryEvent set(Optional<PublicFolders> publicFolders) {
        return new InventoryEvent.BackupSetChanged(
                tenant, server, set, agent, "Mail", BackupMode.MAPI, true, true, 1_000, 100, 2, publicFolders);
    }

    private InventoryEvent mailbox(MailboxId mailbox, Optional<BackupSetId> in) {
        return new InventoryEvent.MailboxChanged(
                tenant,
                server,
                mailbox,
                in,
                new SealedAddress("sealed-" + mailbox),
                Optional.of(UUID.randomUUID()),
                10,
                1_000);
    }

    private void proveMailbox(MailboxId mailbox) {
        TransitionCommand.ExportMailbox export = command(
                TransitionCommand.ExportMailbox.class, each -> each.mailbox().equals(mailbox));
        assertThat(export.endpoint()).isEqualTo(ENDPOINT);
        RestorePointId restorePoint = RestorePointId.random();
        succeed(export, new Outcome.ExportFinished(restorePoint, 10, Map.of(), 900, true));
        TransitionCommand.VerifyRestorePoint verify = command(
                TransitionCommand.VerifyRestorePoint.class,
                each -> each.mailbox().equals(mailbox));
        assertThat(verify.restorePoint()).contains(restorePoint);
        succeed(verify, new Outcome.RestorePointProven(restorePoint, 10, 1_000, 0, 0, true));
    }

    private UploadProgress recorded(RestorePointId restorePoint, long logNumber) {
        return new UploadProgress.RestorePointRecorded(
                tenant, first, AttemptId.random(), restorePoint, logNumber, true, 10, 0, 900);
    }

    private void succeed(TransitionCommand command, Outcome outcome) {
        outside.tell(new CommandResult.CommandSucceeded(tenant, server, command.command(), outcome));
    }

    private <T extends TransitionCommand> T command(Class<T> kind) {
        return outside.command(kind, each -> each.server().equals(server));
    }

    private <T extends TransitionCommand> T command(Class<T> kind, Predicate<T> fits) {
        return outside.command(kind, each -> each.server().equals(server) && fits.test(each));
    }

    private String onlyPlan() {
        return outside.readUntil("/api/v1/tenants/" + tenant + "/plans", node -> node.size() == 1)
                .get(0)
                .get("plan")
                .asText();
    }

    private String verdicts() {
        return "/api/v1/tenants/" + tenant + "/verdicts";
    }

    private String reasonOf(Topic topic, String reason) {
        return new String(
                outside.deadLetter(letter -> letter.topic().equals(topic.deadLetterName())
                                && new String(
                                                letter.headers()
                                                        .lastHeader("mailferry-reason")
                                                        .value(),
                                                StandardCharsets.UTF_8)
                                        .equals(reason))
                        .value(),
                StandardCharsets.UTF_8);
    }

    private static List<JsonNode> steps(JsonNode plan) {
        return StreamSupport.stream(plan.get("steps").spliterator(), false).toList();
    }

    private static JsonNode step(JsonNode plan, String key) {
        return steps(plan).stream()
                .filter(step -> step.get("step").asText().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static String state(JsonNode node) {
        return node.get("state").asText();
    }

    private static Optional<ExchangeBuild> build(String text) {
        return ExchangeBuild.parse(text);
    }
}
