package io.mailferry.planner.export;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The answer to an operator's wish: the command that was issued, whose state tells how it goes. */
public record Ordered(CommandId commandId) {
    static Response answer(CommandId command) {
        return Response.accepted(new Ordered(command))
                .location(URI.create("/api/v1/commands/" + command))
                .build();
    }

    static MailboxId mailbox(@Nullable MailboxId named) {
        if (named == null) {
            throw ProblemException.invalid("mailboxId", "Name the mailbox by its id.");
        }
        return named;
    }
}
