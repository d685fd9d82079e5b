package io.mailferry.planner.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The whole fleet of the caller's tenants in one list: what there is, at which risk, and how far its plans are. */
@Path("/api/v1/fleet")
@Produces(MediaType.APPLICATION_JSON)
public final class FleetResource {
    private static final int LIMIT_MAX = 5_000;

    private final TenantTransactions transactions;
    private final CallerTenants caller;

    FleetResource(TenantTransactions transactions, CallerTenants caller) {
        this.transactions = transactions;
        this.caller = caller;
    }

    /**
     * @param build absent while unknown
     * @param connected whether its EWS endpoint is known
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record ServerView(
            TenantId tenant,
            ServerId server,
            String name,
            Optional<String> build,
            boolean connected,
            Optional<String> agentVersion,
            long mailboxes,
            List<SetView> backupSets) {}

    /**
     * @param risk absent for the moment before the first verdict
     * @param plan the newest plan of the set
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record SetView(
            BackupSetId backupSet,
            String name,
            String mode,
            long mailboxes,
            Optional<String> risk,
            Optional<PlanId> plan,
            Optional<String> planState) {}

    /** Servers in the order of their ids, after the given one, so that a large fleet can be read in pages. */
    @GET
    @RolesAllowed(Roles.VIEWER)
    public List<ServerView> fleet(
            @QueryParam("after") @Nullable ServerId after, @QueryParam("limit") @DefaultValue("1000") int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw ProblemException.invalid("limit", "The limit is a number from 1 to " + LIMIT_MAX + ".");
        }
        return transactions.acrossTenants(transaction ->
                new FleetList(transaction.handle()).page(caller::include, Optional.ofNullable(after), limit));
    }
}
