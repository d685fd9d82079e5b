package io.mailferry.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.planner.command.CommandState;
import io.mailferry.planner.risk.Risk;
import io.mailferry.planner.rule.AgentVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TransitionTest {
    private static final Limits LIMITS = new Limits(
            2,
            2,
            3,
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            Duration.ofHours(24),
            Duration.ofHours(24),
            new Skippable(1, 10, 10));

    private final Transition transition = new Transition(LIMITS, CommandId::random);
    private final List<Transition.Order> orders = new ArrayList<>();
    private Instant now = Instant.parse("2021-05-01T10:00:00Z");
    private Fleetlet fleet = new Fleetlet(3);
    private Plan plan = Plan.make(PlanId.random(), TenantId.random(), fleet.server, BackupSetId.random(), now);

    @Test
    void freezesRetentionAtOnceAndEscrowsBeforeTheAgentIsTouched() {
        advance();

        assertThat(orderedKinds())
                .containsExactlyInAnyOrder(
                        TransitionCommand.EscrowAgentSettings.class, TransitionCommand.FreezeMapiRetention.class);
        assertThat(waitingFor("upgrade-agent")).isEqualTo(StepState.Waiting.Reason.STEP_BEFORE);
        assertThat(waitingFor("disable-schedule")).isEqualTo(StepState.Waiting.Reason.VERIFICATION);
    }

    @Test
    void disablesTheScheduleAtOnceWhereMapiIsBroken() {
        fleet.risk = Risk.BROKEN;

        advance();

        assertThat(orderedKinds())
                .containsExactlyInAnyOrder(
                        TransitionCommand.EscrowAgentSettings.class, TransitionCommand.DisableMapiSchedule.class);
        assertThat(state("freeze-retention"))
                .isEqualTo(new StepState.Skipped(now, StepState.Skipped.Reason.MAPI_IS_BROKEN));
    }

    @Test
    void disablesTheScheduleOnlyAfterTheLastVerification() {
        carryOutAgentSteps();
        exportAll();

        proveNext();
        proveNext();
        assertThat(orderedKinds()).doesNotContain(TransitionCommand.DisableMapiSchedule.class);

        proveNext();
        assertThat(orderedKinds()).contains(TransitionCommand.DisableMapiSchedule.class);

        succeed("disable-schedule", new Outcome.ScheduleDisabled());
        assertThat(plan.state()).isInstanceOf(PlanState.Done.class);
    }

    @Test
    void keepsTheScheduleOfASetWithPublicFoldersAndSaysWhy() {
        fleet.publicFolders = new PublicFolders(40, 2_000);

        carryOutAgentSteps();
        exportAndProveAll();

        assertThat(orderedKinds())
                .contains(TransitionCommand.FreezeMapiRetention.class)
                .doesNotContain(TransitionCommand.DisableMapiSchedule.class);
        assertThat(waitingFor("disable-schedule")).isEqualTo(StepState.Waiting.Reason.PUBLIC_FOLDERS);
        assertThat(questions()).containsExactly("PUBLIC_FOLDERS_UNCOVERED");
        assertThat(((PlanState.Asking) plan.state()).questions().getFirst().remedy())
                .contains("40 items");

        fleet.publicFolders = new PublicFolders(0, 0);
        advance();
        succeed("disable-schedule", new Outcome.ScheduleDisabled());

        assertThat(plan.state()).isInstanceOf(PlanState.Done.class);
    }

    @Test
    void asksInsteadOfBeingDoneWhereNothingBacksUpThePublicFolders() {
        fleet.publicFolders = new PublicFolders(40, 2_000);
        fleet.risk = Risk.BROKEN;

        carryOutAgentSteps();
        succeed("disable-schedule", new Outcome.ScheduleDisabled());
        exportAndProveAll();

        assertThat(state("disable-schedule")).isInstanceOf(StepState.Done.class);
        assertThat(questions()).containsExactly("PUBLIC_FOLDERS_UNCOVERED");
    }

    @Test
    void doesNotCountAMailboxAsProvenWhoseExportSkippedTooMuch() {
        fleet = new Fleetlet(1);
        carryOutAgentSteps();
        String export = openExport();
        Outcome.ExportFinished mostlySkipped =
                new Outcome.ExportFinished(RestorePointId.random(), 9, Map.of(SkipCause.ITEM_CORRUPT, 30L), 900, true);
        for (int attempt = 1; attempt <= LIMITS.attemptsMax(); attempt++) {
            succeed(export, mostlySkipped);
            now = now.plus(LIMITS.pauseMax());
            advance();
        }

        assertThat(questions()).containsExactly(Conclusion.TOO_MANY_SKIPPED);
        assertThat(((PlanState.Asking) plan.state()).questions().getFirst().remedy())
                .startsWith("30 items could not be read, 9 could, by cause: {ITEM_CORRUPT=30}.");
        assertThat(((StepState.Failed) state(export)).notEnough()).contains(mostlySkipped);
        assertThat(orderedKinds())
                .doesNotContain(
                        TransitionCommand.VerifyRestorePoint.class, TransitionCommand.DisableMapiSchedule.class);
    }

    @Test
    void doesNotPassAProofThatSkippedTooMuch() {
        carryOutAgentSteps();
        Outcome.ExportFinished finished = finished(true);
        String verify = openExport().replace("export", "verify");
        succeed(openExport(), finished);

        succeed(verify, new Outcome.RestorePointProven(finished.restorePoint(), 9, 9, 5, 0, true));

        assertThat(questions()).containsExactly(Conclusion.TOO_MANY_SKIPPED);
    }

    @Test
    void disablesTheScheduleAtOnceWhenTheServerJumpsToCu23() {
        fleet.connected = false;
        advance();
        assertThat(orderedKinds()).doesNotContain(TransitionCommand.DisableMapiSchedule.class);

        fleet.risk = Risk.BROKEN;
        advance();

        assertThat(orderedKinds()).containsOnlyOnce(TransitionCommand.DisableMapiSchedule.class);
    }

    @Test
    void dropsAFreezeThatWasNotSentWhenTheServerJumpsToCu23() {
        fleet.risk = Risk.UNKNOWN;
        advance();
        assertThat(waitingFor("freeze-retention")).isEqualTo(StepState.Waiting.Reason.BUILD);

        fleet.risk = Risk.BROKEN;
        advance();

        assertThat(orderedKinds()).doesNotContain(TransitionCommand.FreezeMapiRetention.class);
        assertThat(state("freeze-retention")).isInstanceOf(StepState.Skipped.class);
    }

    @Test
    void dropsAFreezeBetweenTwoAttemptsWhenTheServerJumpsToCu23() {
        advance();
        end("freeze-retention", new CommandState.Failed(now, FailureCategory.TRANSIENT, "AGENT_BUSY"));
        assertThat(state("freeze-retention")).isInstanceOf(StepState.Pausing.class);

        fleet.risk = Risk.BROKEN;
        advance();

        assertThat(state("freeze-retention")).isInstanceOf(StepState.Skipped.class);
    }

    @Test
    void skipsTheUpgradeOfAnAgentThatIsNewEnough() {
        fleet.agentVersion = new AgentVersion(4, 3, 0);

        advance();

        assertThat(state("upgrade-agent"))
                .isEqualTo(new StepState.Skipped(now, StepState.Skipped.Reason.AGENT_IS_NEW_ENOUGH));
        assertThat(orderedKinds()).doesNotContain(TransitionCommand.UpgradeAgent.class);
    }

    @Test
    void takesAnAgentsReportForTheResultOfItsUpgrade() {
        advance();
        succeed("escrow-settings", new Outcome.SettingsEscrowed("t/escrow", "ab"));
        assertThat(state("upgrade-agent")).isInstanceOf(StepState.Commanded.class);

        fleet.agentVersion = new AgentVersion(4, 3, 1);
        advance();

        assertThat(state("upgrade-agent"))
                .isEqualTo(new StepState.Done(now, 1, new Outcome.AgentVersionReached("4.3.1")));
        assertThat(state("create-ews-set")).isInstanceOf(StepState.Commanded.class);
    }

    @Test
    void saysThatItWaitsForTheServerToBeConnected() {
        fleet.connected = false;
        carryOutAgentSteps();
        assertThat(plan.state()).isInstanceOf(PlanState.WaitingForEndpoint.class);

        fleet.connected = true;
        advance();

        assertThat(plan.state()).isInstanceOf(PlanState.Running.class);
        assertThat(count(TransitionCommand.ExportMailbox.class)).isEqualTo(2);
    }

    @Test
    void exportsABoundedNumberOfMailboxesAtOnce() {
        carryOutAgentSteps();
        assertThat(count(TransitionCommand.ExportMailbox.class)).isEqualTo(2);

        succeed(openExport(), finished(true));

        assertThat(count(TransitionCommand.ExportMailbox.class)).isEqualTo(3);
        assertThat(count(TransitionCommand.VerifyRestorePoint.class)).isEqualTo(1);
    }

    @Test
    void verifiesTheVeryRestorePointThatTheExportMade() {
        carryOutAgentSteps();
        Outcome.ExportFinished finished = finished(true);
        succeed(openExport(), finished);

        TransitionCommand.VerifyRestorePoint verify =
                (TransitionCommand.VerifyRestorePoint) lastOrder().command();
        assertThat(verify.restorePoint()).contains(finished.restorePoint());
    }

    @Test
    void exportsAgainWhenTheRestorePointIsIncompleteAndThenAsks() {
        fleet = new Fleetlet(1);
        carryOutAgentSteps();
        String export = openExport();
        for (int attempt = 1; attempt < LIMITS.attemptsMax(); attempt++) {
            succeed(export, finished(false));
            assertThat(state(export)).isInstanceOf(StepState.Pausing.class);
            now = now.plus(LIMITS.pauseMax());
            advance();
        }

        succeed(export, finished(false));

        assertThat(state(export)).isInstanceOfSatisfying(StepState.Failed.class, failed -> {
            assertThat(failed.attempts()).isEqualTo(LIMITS.attemptsMax());
            assertThat(failed.word()).isEqualTo(Conclusion.RESTORE_POINT_INCOMPLETE);
        });
        assertThat(questions()).containsExactly(Conclusion.RESTORE_POINT_INCOMPLETE);
    }

    @Test
    void doesNotPassADamagedRestorePointAndExportsAnewOnRetry() {
        carryOutAgentSteps();
        String export = openExport();
        MailboxId mailbox = MailboxId.of(export.substring(Work.EXPORT.length()));
        Outcome.ExportFinished finished = finished(true);
        succeed(export, finished);

        String verify = "verify-" + mailbox;
        succeed(verify, new Outcome.RestorePointProven(finished.restorePoint(), 9, 9, 0, 1, true));
        assertThat(state(verify)).isInstanceOf(StepState.Failed.class);
        assertThat(questions()).containsExactly(Conclusion.RESTORE_POINT_DAMAGED);

        plan = transition.retry(plan, verify, now).orElseThrow();
        assertThat(state(export)).isInstanceOf(StepState.Waiting.class);
        assertThat(state(verify)).isInstanceOf(StepState.Waiting.class);
        advance();
        assertThat(plan.state()).isInstanceOf(PlanState.Running.class);
    }

    @Test
    void doesNotPassAnIncompleteProofNorOneOfAnotherRestorePoint() {
        carryOutAgentSteps();
        Outcome.ExportFinished finished = finished(true);
        String verify = openExport().replace("export", "verify");
        succeed(openExport(), finished);

        Plan before = plan;
        succeed(verify, new Outcome.RestorePointProven(finished.restorePoint(), 9, 9, 0, 0, false));
        assertThat(questions()).containsExactly(Conclusion.RESTORE_POINT_INCOMPLETE);

        plan = before;
        succeed(verify, new Outcome.RestorePointProven(RestorePointId.random(), 9, 9, 0, 0, true));
        assertThat(questions()).containsExactly(Conclusion.OTHER_RESTORE_POINT);
    }

    @Test
    void triesAgainWithANewCommandAfterAPauseThatGrows() {
        advance();
        CommandId first = commandOf("escrow-settings");

        end("escrow-settings", new CommandState.Expired(now));
        StepState.Pausing pausing = (StepState.Pausing) state("escrow-settings");
        assertThat(pausing.due()).isEqualTo(now.plusSeconds(10));
        advance();
        assertThat(state("escrow-settings")).isEqualTo(pausing);

        now = pausing.due();
        advance();
        assertThat(commandOf("escrow-settings")).isNotEqualTo(first);

        end("escrow-settings", new CommandState.Expired(now));
        assertThat(((StepState.Pausing) state("escrow-settings")).due()).isEqualTo(now.plusSeconds(15));
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCategory.class,
            names = {"PERMANENT", "POISON"})
    void asksAtOnceWhenTryingAgainCannotHelp(FailureCategory category) {
        advance();

        end("escrow-settings", new CommandState.Failed(now, category, "KEY_REFUSED"));

        assertThat(plan.state()).isInstanceOf(PlanState.Asking.class);
        assertThat(questions()).containsExactly("KEY_REFUSED");
        assertThat(transition.retry(plan, "upgrade-agent", now)).isEmpty();
        assertThat(transition.retry(plan, "no-such-step", now)).isEmpty();
        plan = transition.retry(plan, "escrow-settings", now).orElseThrow();
        advance();
        assertThat(state("escrow-settings").attempts()).isEqualTo(1);
        assertThat(plan.state()).isInstanceOf(PlanState.Running.class);
    }

    @Test
    void countsASuccessThatComesAfterTheCommandWasGivenUp() {
        advance();
        CommandId first = commandOf("escrow-settings");
        end("escrow-settings", new CommandState.Expired(now));

        plan = transition.on(
                plan,
                "escrow-settings",
                first,
                new CommandState.Succeeded(now, new Outcome.SettingsEscrowed("t/escrow", "ab"), Optional.of(now)),
                now);

        assertThat(state("escrow-settings")).isInstanceOf(StepState.Done.class);
    }

    @Test
    void takesAnAgentsLateSuccessForTheRetryAndNothingThatTheRetrySaysAfterwards() {
        advance();
        CommandId first = commandOf("escrow-settings");
        end("escrow-settings", new CommandState.Expired(now));
        now = now.plus(LIMITS.pauseMax());
        advance();
        CommandId second = commandOf("escrow-settings");
        Outcome escrowed = new Outcome.SettingsEscrowed("t/escrow", "ab");

        plan = transition.on(
                plan, "escrow-settings", first, new CommandState.Succeeded(now, escrowed, Optional.of(now)), now);
        advance();

        assertThat(state("escrow-settings")).isEqualTo(new StepState.Done(now, 2, escrowed));
        assertThat(state("upgrade-agent")).isInstanceOf(StepState.Commanded.class);
        Plan before = plan;
        plan = transition.on(
                plan,
                "escrow-settings",
                second,
                new CommandState.Failed(now, FailureCategory.PERMANENT, "KEY_REFUSED"),
                now);
        assertThat(plan).isEqualTo(before);
    }

    @Test
    void waitsForTheNewerExportWhenAnEarlierOneSucceedsLate() {
        fleet = new Fleetlet(1);
        carryOutAgentSteps();
        String export = openExport();
        CommandId first = commandOf(export);
        end(export, new CommandState.Expired(now));
        now = now.plus(LIMITS.pauseMax());
        advance();
        StepState before = state(export);

        plan = transition.on(
                plan, export, first, new CommandState.Succeeded(now, finished(true), Optional.of(now)), now);

        assertThat(state(export)).isEqualTo(before).isInstanceOf(StepState.Commanded.class);
    }

    @Test
    void ignoresTheFailureOfACommandThatWasGivenUp() {
        advance();
        CommandId first = commandOf("escrow-settings");
        end("escrow-settings", new CommandState.Expired(now));
        now = now.plus(LIMITS.pauseMax());
        advance();
        Plan before = plan;

        plan = transition.on(
                plan,
                "escrow-settings",
                first,
                new CommandState.Failed(now, FailureCategory.PERMANENT, "KEY_REFUSED"),
                now);

        assertThat(plan).isEqualTo(before);
    }

    @Test
    void asksWhenAnOutcomeIsOfAnotherStep() {
        advance();

        succeed("escrow-settings", new Outcome.RetentionFrozen());

        assertThat(questions()).containsExactly(Conclusion.UNEXPECTED_OUTCOME);
    }

    @Test
    void asksAboutASetWithoutMailboxesAndDisablesNothing() {
        fleet = new Fleetlet(0);
        plan = Plan.make(PlanId.random(), TenantId.random(), fleet.server, BackupSetId.random(), now);
        carryOutAgentSteps();

        assertThat(questions()).containsExactly("SET_HAS_NO_MAILBOXES");
        assertThat(waitingFor("create-ews-set")).isEqualTo(StepState.Waiting.Reason.MAILBOXES);
        assertThat(orderedKinds()).doesNotContain(TransitionCommand.DisableMapiSchedule.class);
    }

    @Test
    void takesInAMailboxThatJoinsInMidPlan() {
        carryOutAgentSteps();

        MailboxId joined = fleet.join();
        advance();

        assertThat(waitingFor("export-" + joined)).isEqualTo(StepState.Waiting.Reason.TURN);
        assertThat(waitingFor("verify-" + joined)).isEqualTo(StepState.Waiting.Reason.STEP_BEFORE);
    }

    @Test
    void isWithdrawnWhenNothingWasBegunAndNothingIsNeeded() {
        fleet.risk = Risk.UNAFFECTED;

        advance();

        assertThat(plan.state()).isInstanceOf(PlanState.Withdrawn.class);
        assertThat(orders).isEmpty();
    }

    @Test
    void goesOnOnceBegunThoughTheRiskIsGone() {
        advance();
        fleet.risk = Risk.UNAFFECTED;

        advance();

        assertThat(plan.state()).isInstanceOf(PlanState.Running.class);
    }

    @Test
    void leavesOutWhatTheAgentReportsAsDone() {
        fleet.scheduleEnabled = false;
        fleet.retentionEnabled = false;

        advance();

        assertThat(state("freeze-retention"))
                .isEqualTo(new StepState.Skipped(now, StepState.Skipped.Reason.RETENTION_IS_OFF));
        assertThat(state("disable-schedule"))
                .isEqualTo(new StepState.Skipped(now, StepState.Skipped.Reason.SCHEDULE_IS_OFF));
    }

    @Test
    void advancingAgainWithoutNewsChangesNothing() {
        carryOutAgentSteps();
        Plan before = plan;
        orders.clear();

        advance();

        assertThat(plan).isEqualTo(before);
        assertThat(orders).isEmpty();
    }

    private void carryOutAgentSteps() {
        advance();
        succeed("freeze-retention", new Outcome.RetentionFrozen());
        succeed("escrow-settings", new Outcome.SettingsEscrowed("t/escrow", "ab"));
        succeed("upgrade-agent", new Outcome.AgentVersionReached("4.3"));
        succeed("create-ews-set", new Outcome.EwsSetCreated("17"));
    }

    private void exportAndProveAll() {
        exportAll();
        fleet.mailboxes.forEach(mailbox -> proveNext());
    }

    /** As many at once as may be, in whatever order they come up. */
    private void exportAll() {
        for (int i = 0; i < fleet.mailboxes.size(); i++) {
            succeed(openExport(), finished(true));
        }
    }

    private void proveNext() {
        Step verify = plan.steps().stream()
                .filter(step -> step.work() instanceof Work.Verify && step.state() instanceof StepState.Commanded)
                .findFirst()
                .orElseThrow();
        RestorePointId exported =
                Conclusion.exported(plan, (Work.Verify) verify.work()).orElseThrow();
        succeed(verify.key(), new Outcome.RestorePointProven(exported, 9, 9, 0, 0, true));
    }

    private void succeed(String step, Outcome outcome) {
        end(step, new CommandState.Succeeded(now, outcome, Optional.empty()));
    }

    private void end(String step, CommandState.Ended ending) {
        if (state(step) instanceof StepState.Commanded commanded) {
            plan = transition.on(plan, step, commanded.command(), ending, now);
            advance();
        }
    }

    private void advance() {
        Transition.Decision decision = transition.advance(plan, fleet.situation(), now);
        plan = decision.plan();
        orders.addAll(decision.orders());
    }

    private static Outcome.ExportFinished finished(boolean complete) {
        return new Outcome.ExportFinished(RestorePointId.random(), 9, Map.of(), 900, complete);
    }

    private String openExport() {
        return plan.steps().stream()
                .filter(step -> step.work() instanceof Work.Export && step.state() instanceof StepState.Commanded)
                .map(Step::key)
                .findFirst()
                .orElseThrow();
    }

    private StepState state(String step) {
        return plan.step(step).orElseThrow().state();
    }

    private StepState.Waiting.Reason waitingFor(String step) {
        return ((StepState.Waiting) state(step)).reason();
    }

    private CommandId commandOf(String step) {
        return ((StepState.Commanded) state(step)).command();
    }

    private List<String> questions() {
        return plan.state() instanceof PlanState.Asking asking
                ? asking.questions().stream().map(PlanState.Question::word).toList()
                : List.of();
    }

    private Transition.Order lastOrder() {
        return orders.stream()
                .filter(order -> order.step().startsWith(Work.VERIFY))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private List<Class<?>> orderedKinds() {
        return orders.stream()
                .<Class<?>>map(order -> order.command().getClass())
                .toList();
    }

    private long count(Class<? extends TransitionCommand> kind) {
        return orders.stream().filter(order -> kind.isInstance(order.command())).count();
    }
}
