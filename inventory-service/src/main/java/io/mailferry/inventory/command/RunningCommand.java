package io.mailferry.inventory.command;

import io.mailferry.contracts.id.CommandId;
import io.mailferry.inventory.protocol.Field;

/** A command that an agent says it is carrying out. Its phase is for the agent's own log and is not kept. */
public record RunningCommand(CommandId commandId, int attempt, int percent) {
    private static final int ATTEMPT_MAX = 1_000_000;

    public static RunningCommand read(Field field) {
        field.ifPresent("phase").ifPresent(phase -> phase.text(100));
        return new RunningCommand(
                new CommandId(field.at("commandId").uuid()),
                (int) field.at("attempt").count(ATTEMPT_MAX),
                field.ifPresent("percent")
                        .map(percent -> (int) percent.count(100))
                        .orElse(0));
    }
}
