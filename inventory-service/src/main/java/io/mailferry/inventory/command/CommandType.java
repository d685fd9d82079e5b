package io.mailferry.inventory.command;

import io.mailferry.contracts.transition.TransitionCommand.ForAgent;
import java.util.Arrays;

/** The commands that agents are asked to carry out, by the words that the agents' protocol and the contracts share. */
enum CommandType {
    ESCROW_AGENT_SETTINGS("EscrowAgentSettings"),
    UPGRADE_AGENT("UpgradeAgent"),
    CREATE_EWS_BACKUP_SET("CreateEwsBackupSet"),
    FREEZE_MAPI_RETENTION("FreezeMapiRetention"),
    DISABLE_MAPI_SCHEDULE("DisableMapiSchedule"),
    DELETE_MAPI_BACKUP_SET("DeleteMapiBackupSet");

    private final String word;

    CommandType(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static CommandType of(String word) {
        return Arrays.stream(values())
                .filter(type -> type.word.equals(word))
                .findFirst()
                .orElseThrow();
    }

    static CommandType of(ForAgent command) {
        return of(command.getClass().getSimpleName());
    }
}
