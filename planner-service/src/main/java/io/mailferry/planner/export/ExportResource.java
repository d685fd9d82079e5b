package io.mailferry.planner.export;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Exports and verifications on demand. Each answers with its command, whose state tells how it goes. */
@Path("/api/v1/tenants/{tenant}")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class ExportResource {
    private final Exports exports;
    private final CallerTenants caller;

    ExportResource(Exports exports, CallerTenants caller) {
        this.exports = exports;
        this.caller = caller;
    }

    public record ExportWish(@Nullable MailboxId mailboxId) {}

    /** @param restorePoint absent for the newest one */
    public record VerificationWish(
            @Nullable MailboxId mailboxId, @Nullable RestorePointId restorePoint) {}

    public record Ordered(CommandId commandId) {}

    @POST
    @Path("/exports")
    @RolesAllowed(Roles.OPERATOR)
    public Response export(TenantId tenant, @Nullable ExportWish wish) {
        caller.require(tenant);
        MailboxId mailbox = mailbox(wish == null ? null : wish.mailboxId());
        return switch (exports.export(tenant, mailbox)) {
            case Exports.Result.Commanded commanded -> accepted(commanded.command());
            case Exports.Result.NoSuchMailbox _ -> throw ProblemException.notFound();
            case Exports.Result.NotConnected _ ->
                throw ProblemException.conflict(
                        "The mailbox's server has no EWS endpoint yet; connect the server, then export again.");
        };
    }

    @POST
    @Path("/verifications")
    @RolesAllowed(Roles.OPERATOR)
    public Response verify(TenantId tenant, @Nullable VerificationWish wish) {
        caller.require(tenant);
        MailboxId mailbox = mailbox(wish == null ? null : wish.mailboxId());
        Optional<RestorePointId> restorePoint = Optional.ofNullable(wish).map(VerificationWish::restorePoint);
        return switch (exports.verify(tenant, mailbox, restorePoint)) {
            case Exports.Result.Commanded commanded -> accepted(commanded.command());
            case Exports.Result.NoSuchMailbox _ -> throw ProblemException.notFound();
            case Exports.Result.NotConnected _ -> throw new IllegalStateException("verifying needs no endpoint");
        };
    }

    private static MailboxId mailbox(@Nullable MailboxId mailbox) {
        if (mailbox == null) {
            throw ProblemException.invalid("mailboxId", "Name the mailbox by its id.");
        }
        return mailbox;
    }

    private static Response accepted(CommandId command) {
        return Response.accepted(new Ordered(command))
                .location(URI.create("/api/v1/commands/" + command))
                .build();
    }
}
