package io.mailferry.planner.export;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verifications on demand, of any mailbox's restore point. */
@Path("/api/v1/tenants/{tenant}/verifications")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class VerificationResource {
    private final Exports exports;
    private final CallerTenants caller;

    VerificationResource(Exports exports, CallerTenants caller) {
        this.exports = exports;
        this.caller = caller;
    }

    /** @param restorePoint absent for the newest one */
    public record VerificationWish(
            @Nullable MailboxId mailboxId, @Nullable RestorePointId restorePoint) {}

    @POST
    @RolesAllowed(Roles.OPERATOR)
    public Response verify(TenantId tenant, @Nullable VerificationWish wish) {
        caller.require(tenant);
        MailboxId mailbox = Ordered.mailbox(wish == null ? null : wish.mailboxId());
        Optional<RestorePointId> restorePoint = Optional.ofNullable(wish).map(VerificationWish::restorePoint);
        return switch (exports.verify(tenant, mailbox, restorePoint)) {
            case Exports.Result.Commanded commanded -> Ordered.answer(commanded.command());
            case Exports.Result.NoSuchMailbox _ -> throw ProblemException.notFound();
            case Exports.Result.NotConnected _ -> throw new IllegalStateException("verifying needs no endpoint");
        };
    }
}
