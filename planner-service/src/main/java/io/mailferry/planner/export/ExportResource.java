package io.mailferry.planner.export;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Exports on demand, of any mailbox of a connected server. */
@Path("/api/v1/tenants/{tenant}/exports")
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

    @POST
    @RolesAllowed(Roles.OPERATOR)
    public Response export(TenantId tenant, @Nullable ExportWish wish) {
        caller.require(tenant);
        MailboxId mailbox = Ordered.mailbox(wish == null ? null : wish.mailboxId());
        return switch (exports.export(tenant, mailbox)) {
            case Exports.Result.Commanded commanded -> Ordered.answer(commanded.command());
            case Exports.Result.NoSuchMailbox _ -> throw ProblemException.notFound();
            case Exports.Result.NotConnected _ ->
                throw ProblemException.conflict(
                        "The mailbox's server has no EWS endpoint yet; connect the server, then export again.");
        };
    }
}
