package io.mailferry.planner.risk;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.BackupSetId;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The verdicts of a tenant's backup sets. */
@Path("/api/v1/tenants/{tenant}/verdicts")
@Produces(MediaType.APPLICATION_JSON)
public final class VerdictResource {
    private static final int LIMIT_MAX = 5_000;

    private final TenantTransactions transactions;
    private final Verdicts verdicts;
    private final CallerTenants caller;

    VerdictResource(TenantTransactions transactions, Verdicts verdicts, CallerTenants caller) {
        this.transactions = transactions;
        this.verdicts = verdicts;
        this.caller = caller;
    }

    /**
     * @param since when the risk became what it is
     * @param asks what an operator should find out, of an UNKNOWN risk
     * @param uncovered parts of the set that no EWS backup has, each with its cause
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record View(
            BackupSetId backupSet,
            ServerId server,
            String name,
            Risk risk,
            Instant since,
            String rule,
            Map<String, String> facts,
            String sentence,
            Optional<String> asks,
            List<Uncovered> uncovered) {}

    @GET
    @RolesAllowed(Roles.VIEWER)
    public List<View> verdicts(
            TenantId tenant,
            @QueryParam("after") @Nullable BackupSetId after,
            @QueryParam("limit") @DefaultValue("1000") int limit) {
        caller.require(tenant);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw ProblemException.invalid("limit", "The limit is a number from 1 to " + LIMIT_MAX + ".");
        }
        return transactions
                .inTenant(tenant, transaction -> verdicts.page(transaction, Optional.ofNullable(after), limit))
                .stream()
                .map(VerdictResource::view)
                .toList();
    }

    private static View view(Verdicts.Stated stated) {
        Verdict verdict = stated.verdict();
        return new View(
                stated.backupSet(),
                stated.server(),
                stated.name(),
                verdict.risk(),
                stated.since(),
                verdict.rule(),
                verdict.facts(),
                verdict.sentence(),
                verdict.asks(),
                verdict.uncovered());
    }
}
