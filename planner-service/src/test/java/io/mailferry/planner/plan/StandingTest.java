package io.mailferry.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final Instant NOW = Instant.parse("2021-05-01T10:00:00Z");

    private final Fleetlet fleet = new Fleetlet(0);
    private final StepState.Pausing pausing = new StepState.Commanded(NOW, 1, CommandId.random())
            .pause(Duration.ofSeconds(10), FailureCategory.TRANSIENT, "AGENT_BUSY", Optional.empty(), NOW);

    /** The schedule's next command is held back by them, so the pause would never end and nobody would be asked. */
    @Test
    void asksForPublicFoldersThatComeWhileDisablingTheSchedulePauses() {
        fleet.announced = 1;
        fleet.publicFolders = new PublicFolders(40, 2_000);

        PlanState state = new Standing(fleet.situation(), NOW).of(plan(new Work.DisableSchedule()));

        assertThat(((PlanState.Asking) state).questions())
                .extracting(PlanState.Question::word)
                .containsExactly("PUBLIC_FOLDERS_UNCOVERED");
    }

    @Test
    void doesNotAskForPublicFoldersBeforeTheOtherStepsAreSettled() {
        fleet.announced = 1;
        fleet.publicFolders = new PublicFolders(40, 2_000);

        PlanState state = new Standing(fleet.situation(), NOW).of(plan(new Work.CreateEwsSet()));

        assertThat(state).isInstanceOf(PlanState.Running.class);
    }

    /** A plan of which only this step is not settled. */
    private Plan plan(Work pauses) {
        Plan made = Plan.make(PlanId.random(), TenantId.random(), fleet.server, BackupSetId.random(), NOW);
        List<Step> steps = made.steps().stream()
                .map(step -> step.in(
                        step.work().equals(pauses)
                                ? pausing
                                : new StepState.Skipped(NOW, StepState.Skipped.Reason.MAPI_IS_BROKEN)))
                .toList();
        return made.with(made.state(), steps);
    }
}
