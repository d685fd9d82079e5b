package io.mailferry.inventory.command;

import io.mailferry.contracts.exchange.FailureCategory;
import java.util.Locale;
import java.util.regex.Pattern;

/** Why an agent did not do what it was asked, in words of the protocol. Any other word of an agent becomes OTHER. */
enum AgentCause {
    UNKNOWN_TYPE(FailureCategory.PERMANENT),
    PAYLOAD_UNREADABLE(FailureCategory.PERMANENT),
    EXPIRED(FailureCategory.PERMANENT),
    NOT_PERMITTED(FailureCategory.PERMANENT),
    KEY_UNUSABLE(FailureCategory.PERMANENT),
    AGENT_TOO_OLD(FailureCategory.PERMANENT),
    VERSION_NOT_AVAILABLE(FailureCategory.PERMANENT),
    UNKNOWN_BACKUP_SET(FailureCategory.PERMANENT),
    UNKNOWN_MAILBOX(FailureCategory.PERMANENT),
    DISK_FULL(FailureCategory.PERMANENT),
    BUSY(FailureCategory.TRANSIENT),
    NETWORK(FailureCategory.TRANSIENT),
    TIMEOUT(FailureCategory.TRANSIENT),
    OTHER(FailureCategory.PERMANENT);

    private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");

    private final FailureCategory category;

    AgentCause(FailureCategory category) {
        this.category = category;
    }

    FailureCategory category() {
        return category;
    }

    /** @param word in the protocol's spelling, {@code unknownType} */
    static AgentCause of(String word) {
        String wanted =
                HUMP.matcher(word).replaceAll("$1_$2").toUpperCase(Locale.ROOT).replace('-', '_');
        for (AgentCause cause : values()) {
            if (cause.name().equals(wanted)) {
                return cause;
            }
        }
        return OTHER;
    }
}
