package io.mailferry.simulator.agent;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An agent as the control endpoint shows it.
 *
 * @param agentId null until it is enrolled
 * @param state alive, paused, refused or stopped
 * @param lastStatus HTTP status of the gateway's last answer; 0 if there was none
 * @param resultsUntaken how many results the gateway has not taken yet
 */
public record AgentView(
        String server,
        String tenant,
        String version,
        @Nullable String agentId,
        UUID bootId,
        long sequence,
        String state,
        int lastStatus,
        int resultsUntaken,
        List<CommandView> commands) {
    public AgentView {
        commands = List.copyOf(commands);
    }

    /** A command in the journal. */
    public record CommandView(
            String commandId,
            String type,
            int attempt,
            String outcome,
            @Nullable String cause) {}
}
