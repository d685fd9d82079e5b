package io.mailferry.inventory.agent;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The agents' own way in, apart from the operators': a bearer credential that names agent and tenant, whatever the
 * request's path or body says.
 */
@Singleton
public final class Credentials {
    private static final String SCHEME = "Bearer ";

    private final TenantTransactions transactions;

    Credentials(TenantTransactions transactions) {
        this.transactions = transactions;
    }

    /** Who is calling. */
    public record Caller(TenantId tenant, AgentId agent) {}

    /**
     * @param authorisation the header, if there was one
     * @param addressed the agent in the request's path
     * @throws ProblemException 401 without a known credential, 404 when it belongs to another agent
     */
    public Caller authenticate(@Nullable String authorisation, AgentId addressed) {
        if (authorisation == null || !authorisation.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw ProblemException.unauthorised();
        }
        Secret credential = new Secret(authorisation.substring(SCHEME.length()).strip());
        if (!credential.isPlausible()) {
            throw ProblemException.unauthorised();
        }
        Caller caller = transactions.acrossTenants(transaction -> transaction
                .handle()
                .select("SELECT tenant, agent FROM agent WHERE credential_sha256 = ?", credential.sha256())
                .map((row, context) ->
                        new Caller(TenantId.of(row.getString("tenant")), AgentId.of(row.getString("agent"))))
                .findOne()
                .orElseThrow(ProblemException::unauthorised));
        if (!caller.agent().equals(addressed)) {
            throw ProblemException.notFound();
        }
        return caller;
    }
}
