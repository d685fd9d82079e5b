package io.mailferry.planner.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CommandStateTest {
    private static final Instant NOW = Instant.parse("2021-05-01T10:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(5);
    private static final TenantId TENANT = TenantId.random();
    private static final ServerId SERVER = ServerId.random();
    private static final CommandId COMMAND = CommandId.random();
    private static final Outcome OUTCOME = new Outcome.RetentionFrozen();

    private static final CommandResult DELIVERED = new CommandResult.CommandDelivered(TENANT, SERVER, COMMAND);
    private static final CommandResult ACCEPTED = new CommandResult.CommandAccepted(TENANT, SERVER, COMMAND);
    private static final CommandResult PROGRESSED =
            new CommandResult.CommandProgressed(TENANT, SERVER, COMMAND, 1, 2, 3);
    private static final CommandResult SUCCEEDED = new CommandResult.CommandSucceeded(TENANT, SERVER, COMMAND, OUTCOME);
    private static final CommandResult FAILED =
            new CommandResult.CommandFailed(TENANT, SERVER, COMMAND, FailureCategory.PERMANENT, "NO_SUCH_SET");
    private static final CommandResult REJECTED = new CommandResult.CommandRejected(TENANT, SERVER, COMMAND, "UNKNOWN");
    private static final CommandResult CANCELLED = new CommandResult.CommandCancelled(TENANT, SERVER, COMMAND);
    private static final CommandResult EXPIRED = new CommandResult.CommandExpired(TENANT, SERVER, COMMAND);

    @Test
    void movesToTheRight() {
        CommandState state = new CommandState.Issued(NOW).on(DELIVERED, LATER);
        assertThat(state).isEqualTo(new CommandState.Delivered(LATER));
        state = state.on(ACCEPTED, LATER);
        assertThat(state).isEqualTo(new CommandState.Running(LATER, LATER));
        state = state.on(SUCCEEDED, LATER);
        assertThat(state).isEqualTo(new CommandState.Succeeded(LATER, OUTCOME, Optional.empty()));
    }

    @Test
    void endsWhenItIsCancelledWhereverItStands() {
        for (CommandState state : List.of(
                new CommandState.Issued(NOW), new CommandState.Delivered(NOW), new CommandState.Running(NOW, NOW))) {
            assertThat(state.on(CANCELLED, LATER)).isEqualTo(new CommandState.Cancelled(LATER));
        }
    }

    @Test
    void neverMovesBackWhenResultsOvertakeEachOther() {
        CommandState running = new CommandState.Running(NOW, NOW);

        assertThat(running.on(DELIVERED, LATER)).isSameAs(running);
        assertThat(running.on(PROGRESSED, LATER)).isEqualTo(new CommandState.Running(NOW, LATER));
    }

    @ParameterizedTest
    @MethodSource("ended")
    void staysEnded(CommandState.Ended ended) {
        for (CommandResult result : List.of(DELIVERED, ACCEPTED, PROGRESSED, FAILED, REJECTED, CANCELLED, EXPIRED)) {
            assertThat(ended.on(result, LATER)).isSameAs(ended);
        }
    }

    @Test
    void countsASuccessThatComesAfterTheExpiry() {
        assertThat(new CommandState.Expired(NOW).on(SUCCEEDED, LATER))
                .isEqualTo(new CommandState.Succeeded(LATER, OUTCOME, Optional.of(NOW)));
        assertThat(new CommandState.Cancelled(NOW).on(SUCCEEDED, LATER))
                .isEqualTo(new CommandState.Succeeded(LATER, OUTCOME, Optional.of(NOW)));
        CommandState silent =
                new CommandState.Failed(NOW, FailureCategory.TRANSIENT, CommandResult.CommandFailed.AGENT_SILENT);
        assertThat(silent.on(SUCCEEDED, LATER)).isEqualTo(new CommandState.Succeeded(LATER, OUTCOME, Optional.of(NOW)));
        CommandState failed = new CommandState.Failed(NOW, FailureCategory.PERMANENT, "NO_SUCH_SET");
        assertThat(failed.on(SUCCEEDED, LATER)).isSameAs(failed);
    }

    @ParameterizedTest
    @MethodSource("all")
    void isTheSameAfterItWasWrittenToItsColumnsAndRead(CommandState state) {
        assertThat(CommandColumns.of(state).toState()).isEqualTo(state);
    }

    static Stream<CommandState.Ended> ended() {
        return Stream.of(
                new CommandState.Succeeded(
                        NOW,
                        new Outcome.ExportFinished(
                                RestorePointId.random(), 5, Map.of(SkipCause.ITEM_CORRUPT, 1L), 9, true),
                        Optional.empty()),
                new CommandState.Succeeded(NOW, OUTCOME, Optional.of(NOW)),
                new CommandState.Failed(NOW, FailureCategory.TRANSIENT, CommandResult.CommandFailed.AGENT_SILENT),
                new CommandState.Failed(NOW, FailureCategory.THROTTLED, "SERVER_BUSY"),
                new CommandState.Rejected(NOW, "NOT_ALLOWED"),
                new CommandState.Cancelled(NOW),
                new CommandState.Expired(NOW));
    }

    static Stream<CommandState> all() {
        return Stream.concat(
                ended(),
                Stream.of(
                        new CommandState.Issued(NOW),
                        new CommandState.Delivered(NOW),
                        new CommandState.Running(NOW, LATER)));
    }
}
