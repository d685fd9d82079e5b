package io.mailferry.inventory.agent;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.protocol.Field;
import io.mailferry.inventory.protocol.JsonBody;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Where an agent becomes known: a tenant's token against an identity and a credential of its own. */
@Path("/api/v1/agents/enrol")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
final class EnrolmentResource {
    private static final Logger LOG = Logger.getLogger(EnrolmentResource.class);
    private static final int TOKEN_LENGTH_MAX = 200;

    private final TenantTransactions transactions;
    private final EnrolmentTokens tokens;
    private final Agents agents;
    private final AgentSettings settings;
    private final Clock clock;
    private final SecureRandom randomness;

    EnrolmentResource(
            TenantTransactions transactions,
            EnrolmentTokens tokens,
            Agents agents,
            AgentSettings settings,
            Clock clock,
            SecureRandom randomness) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.agents = agents;
        this.settings = settings;
        this.clock = clock;
        this.randomness = randomness;
    }

    /** The credential is shown once, here. */
    record Enrolled(AgentId agentId, String credential, long heartbeatIntervalMs) {
        @Override
        public String toString() {
            return "Enrolled[" + agentId + "]";
        }
    }

    /** Open to all: the token in the body is what is asked for. */
    @POST
    @PermitAll
    public Response enrol(InputStream body) {
        Field root = JsonBody.read(body);
        Secret token = new Secret(root.at("token").text(TOKEN_LENGTH_MAX));
        Introduction introduction = Introduction.read(root);
        Secret credential = Secret.random(randomness);
        AgentId agent = transactions.acrossTenants(transaction -> {
            TenantId tenant = tokens.use(transaction, token).orElseThrow(ProblemException::unauthorised);
            return insert(transaction, tenant, introduction, credential);
        });
        return Response.status(Response.Status.CREATED)
                .entity(new Enrolled(
                        agent, credential.text(), settings.heartbeatInterval().toMillis()))
                .build();
    }

    private AgentId insert(Transaction transaction, TenantId tenant, Introduction introduction, Secret credential) {
        AgentId agent = AgentId.random();
        transaction
                .handle()
                .execute(
                        """
                        INSERT INTO agent (agent, tenant, name, brand, version, credential_sha256, enrolled_at, seen_boot)
                        VALUES (?, ?, ?, ?, ?, ?, ?, 1)""",
                        agent,
                        tenant,
                        introduction.name(),
                        introduction.brand(),
                        introduction.version(),
                        credential.sha256(),
                        clock.instant());
        agents.rememberBoot(transaction, tenant, agent, introduction.bootId(), 1);
        LOG.infof("Agent enrolled tenant=%s agent=%s", tenant, agent);
        return agent;
    }

    private record Introduction(String name, String brand, String version, UUID bootId) {
        static Introduction read(Field root) {
            return new Introduction(
                    root.at("name").text(200),
                    root.at("brand").text(100),
                    AgentVersion.read(root.at("version")),
                    root.at("bootId").uuid());
        }
    }
}
