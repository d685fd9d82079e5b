package io.mailferry.inventory.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.exchange.FailureCategory;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandStateTest {
    private static final List<CommandState> ALL = List.of(
            new CommandState.Queued(),
            new CommandState.Delivered(),
            new CommandState.Accepted(),
            new CommandState.Running(50),
            new CommandState.Succeeded(),
            new CommandState.Failed(FailureCategory.PERMANENT, "OTHER"),
            new CommandState.Rejected("OTHER"),
            new CommandState.Cancelled(),
            new CommandState.Expired(),
            new CommandState.Lost());

    @Test
    void hasAWordOfItsOwnForEachStateButForTheLostWhichAreKeptAsFailed() {
        assertThat(ALL.subList(0, ALL.size() - 1))
                .extracting(CommandState::word)
                .doesNotHaveDuplicates();
        assertThat(ALL.getLast().word()).isEqualTo("FAILED");
    }

    @Test
    void expiresOnlyWhatNobodyHasBegun() {
        assertThat(ALL.stream().filter(CommandState.Waiting.class::isInstance).map(CommandState::word))
                .containsExactly("QUEUED", "DELIVERED");
        assertThat(ALL.stream().filter(CommandState.Open.class::isInstance)).hasSize(4);
    }

    @Test
    void lettingASuccessComeLateIsForWhatTheAgentDidNotEndItself() {
        assertThat(ALL.stream().filter(CommandState.GivenUp.class::isInstance).map(CommandState::word))
                .containsExactly("CANCELLED", "EXPIRED", "FAILED");
    }

    @Test
    void understandsAgentsCausesInEverySpellingAndCountsOthersAsOther() {
        assertThat(AgentCause.of("unknownBackupSet")).isEqualTo(AgentCause.UNKNOWN_BACKUP_SET);
        assertThat(AgentCause.of("AGENT_TOO_OLD")).isEqualTo(AgentCause.AGENT_TOO_OLD);
        assertThat(AgentCause.of("version-not-available")).isEqualTo(AgentCause.VERSION_NOT_AVAILABLE);
        assertThat(AgentCause.of("The disk at C: is full")).isEqualTo(AgentCause.OTHER);
        assertThat(AgentCause.BUSY.category()).isEqualTo(FailureCategory.TRANSIENT);
    }
}
