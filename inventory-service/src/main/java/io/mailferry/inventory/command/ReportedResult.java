package io.mailferry.inventory.command;

import io.mailferry.contracts.id.CommandId;
import io.mailferry.inventory.protocol.Field;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A result as an agent sends it: its form is sound, its detail not yet looked at, since only the command's type says
 * what belongs there.
 *
 * @param place where it stood in the body
 * @param cause a word of the protocol; why it failed or was rejected
 */
public record ReportedResult(
        Field place, CommandId commandId, int attempt, Word outcome, String cause, Optional<Field> detail) {
    private static final int ATTEMPT_MAX = 1_000_000;
    private static final Pattern CAUSE = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,59}");

    /** The words for outcomes, as the protocol spells them. */
    @SuppressWarnings("JavaLangClash")
    public enum Word {
        accepted,
        running,
        succeeded,
        failed,
        rejected,
        cancelled
    }

    public static ReportedResult read(Field field) {
        return new ReportedResult(
                field,
                new CommandId(field.at("commandId").uuid()),
                (int) field.at("attempt").count(ATTEMPT_MAX),
                field.at("outcome").word(Word.class),
                field.ifPresent("cause")
                        .map(cause -> cause.text(60, CAUSE, "A cause is one word of the protocol."))
                        .orElse(AgentCause.OTHER.name()),
                field.ifPresent("detail"));
    }
}
