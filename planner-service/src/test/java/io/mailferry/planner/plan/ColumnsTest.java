package io.mailferry.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.transition.Outcome;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The persisted form of every state, both ways. */
final class ColumnsTest {
    private static final Instant NOW = Instant.parse("2021-05-01T10:00:00.123456Z");

    @ParameterizedTest
    @MethodSource("stepStates")
    void aStepIsTheSameAfterItWasWrittenAndRead(StepState state) {
        assertThat(StepColumns.of(state).toState()).isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("planStates")
    void aPlanIsTheSameAfterItWasWrittenAndRead(PlanState state) {
        assertThat(PlanColumns.of(state).toState()).isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("works")
    void aStepsKeyTellsItsWork(Work work) {
        assertThat(Work.of(work.key())).isEqualTo(work);
    }

    @Test
    void refusesAKeyOfNoWork() {
        assertThatThrownBy(() -> Work.of("make-coffee")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Work.of("export-all")).isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<StepState> stepStates() {
        Stream<StepState> waiting =
                Arrays.stream(StepState.Waiting.Reason.values()).map(reason -> new StepState.Waiting(NOW, reason));
        Stream<StepState> skipped =
                Arrays.stream(StepState.Skipped.Reason.values()).map(reason -> new StepState.Skipped(NOW, reason));
        Stream<StepState> done = outcomes().map(outcome -> new StepState.Done(NOW, 2, outcome));
        Stream<StepState> others = Stream.of(
                new StepState.Commanded(NOW, 3, CommandId.random()),
                new StepState.Pausing(
                        NOW, 1, NOW.plusSeconds(9), FailureCategory.THROTTLED, "SERVER_BUSY", Optional.empty()),
                new StepState.Failed(NOW, 3, FailureCategory.POISON, "KEY_REFUSED", Optional.empty()));
        Stream<StepState> notEnough = outcomes()
                .map(Optional::of)
                .flatMap(outcome -> Stream.of(
                        new StepState.Pausing(NOW, 1, NOW, FailureCategory.TRANSIENT, "TOO_MANY_SKIPPED", outcome),
                        new StepState.Failed(NOW, 3, FailureCategory.PERMANENT, "TOO_MANY_SKIPPED", outcome)));
        return Stream.of(waiting, skipped, done, others, notEnough).flatMap(states -> states);
    }

    static Stream<Outcome> outcomes() {
        return Stream.of(
                new Outcome.SettingsEscrowed("t/x/escrow/y", "ab"),
                new Outcome.AgentVersionReached("4.3"),
                new Outcome.EwsSetCreated("17"),
                new Outcome.RetentionFrozen(),
                new Outcome.ScheduleDisabled(),
                new Outcome.ExportFinished(RestorePointId.random(), 1, Map.of(SkipCause.ITEM_CORRUPT, 2L), 3, true),
                new Outcome.RestorePointProven(RestorePointId.random(), 1, 2, 3, 0, true));
    }

    static Stream<PlanState> planStates() {
        return Stream.of(
                new PlanState.Running(NOW),
                new PlanState.WaitingForEndpoint(NOW),
                new PlanState.Asking(NOW, List.of(new PlanState.Question("escrow-settings", "KEY_REFUSED", "see"))),
                new PlanState.Done(NOW),
                new PlanState.Withdrawn(NOW));
    }

    static Stream<Work> works() {
        return Stream.of(
                new Work.EscrowSettings(),
                new Work.FreezeRetention(),
                new Work.UpgradeAgent(),
                new Work.CreateEwsSet(),
                new Work.Export(MailboxId.random()),
                new Work.Verify(MailboxId.random()),
                new Work.DisableSchedule());
    }
}
