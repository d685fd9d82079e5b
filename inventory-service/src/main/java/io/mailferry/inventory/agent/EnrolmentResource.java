package io.mailferry.inventory.agent;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.protocol.Field;
import io.mailferry.inventory.protocol.JsonBody;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

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
    private final Credentials credentials;
    private final Clock clock;

    EnrolmentResource(
            TenantTransactions transactions,
            EnrolmentTokens tokens,
            Agents agents,
            AgentSettings settings,
            Credentials credentials,
            Clock clock) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.agents = agents;
        this.settings = settings;
        this.credentials = credentials;
        this.clock = clock;
    }

    /**
     * The credential is shown once, here.
     *
     * @param credential null where the connection's certificate is the credential
     * @param credentialExpiresAt null for never
     * @param renewFrom when the agent should renew it, by the {@code serverTime} of the answers to its heartbeats
     */
    record Enrolled(
            AgentId agentId,
            @Nullable String credential,
            @Nullable Instant credentialExpiresAt,
            @Nullable Instant renewFrom,
            long heartbeatIntervalMs) {
        @Override
        public String toString() {
            return "Enrolled[" + agentId + "]";
        }
    }

    /** Open to all: the token in the body is what is asked for. */
    @POST
    @PermitAll
    public Response enrol(InputStream body, @Context HttpServerRequest request) {
        Field root = JsonBody.read(body);
        Secret token = new Secret(root.at("token").text(TOKEN_LENGTH_MAX));
        Introduction introduction = Introduction.read(root);
        Optional<Field> wanted = root.ifPresent("agentId");
        Optional<AgentId> itself = wanted.map(field -> new AgentId(field.uuid()));
        // Only when it is asked for: a proxy on the way may show a certificate of its own.
        boolean byCertificate = root.ifPresent("certificate").map(Field::flag).orElse(false);
        Optional<ClientCertificate> certificate = byCertificate
                ? Optional.of(ClientCertificate.of(request).orElseThrow(ClientCertificate::missing))
                : Optional.empty();
        Enrolled enrolled = transactions.acrossTenants(transaction -> {
            EnrolmentTokens.Permission permission =
                    tokens.permission(transaction, token).orElseThrow(ProblemException::unauthorised);
            if (itself.isPresent() && !itself.get().equals(permission.agent())) {
                // Says the same whether there is such an agent or not.
                throw wanted.get()
                        .invalid("This token is not for this agent. An operator can make one that is; without agentId"
                                + " a general token makes a new agent.");
            }
            Credentials.Issued issued = certificate
                    .map(shown -> credentials.issue(transaction, shown, null))
                    .orElseGet(credentials::issue);
            AgentId agent = permission.agent() == null
                    ? insert(transaction, permission.tenant(), introduction, issued)
                    : again(transaction, permission.tenant(), permission.agent(), introduction, issued);
            if (!tokens.use(transaction, token)) {
                // Somebody else used it up meanwhile; the agent goes with the transaction.
                throw ProblemException.unauthorised();
            }
            return new Enrolled(
                    agent,
                    issued.shown(),
                    issued.expiresAt(),
                    issued.renewFrom(),
                    settings.heartbeatInterval().toMillis());
        });
        return Response.status(Response.Status.CREATED).entity(enrolled).build();
    }

    private AgentId insert(
            Transaction transaction, TenantId tenant, Introduction introduction, Credentials.Issued issued) {
        AgentId agent = AgentId.random();
        transaction
                .handle()
                .execute(
                        """
                        INSERT INTO agent (agent, tenant, name, brand, version, credential_sha256, credential_expires_at,
                            enrolled_at, seen_boot)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)""",
                        agent,
                        tenant,
                        introduction.name(),
                        introduction.brand(),
                        introduction.version(),
                        issued.kept(),
                        issued.expiresAt(),
                        clock.instant());
        agents.rememberBoot(transaction, tenant, agent, introduction.bootId(), 1);
        LOG.infof("Agent enrolled tenant=%s agent=%s", tenant, agent);
        return agent;
    }

    /**
     * The same agent with a credential that voids all it had. Only by a token that an operator made for this very agent: a
     * general token lies in many an installation script, and whoever finds one must not become an agent that others trust,
     * be it live, revoked or cloned. What the operator has not decided is which of two clones is the right one.
     */
    private AgentId again(
            Transaction transaction,
            TenantId tenant,
            AgentId agent,
            Introduction introduction,
            Credentials.Issued issued) {
        agents.begin(transaction, tenant, agent, introduction.bootId());
        transaction.handle().execute("""
                        UPDATE agent SET name = ?, credential_sha256 = ?, credential_expires_at = ?,
                            previous_credential_sha256 = NULL, previous_credential_expires_at = NULL,
                            revoked_at = NULL, cloned_at = NULL, manual_since = NULL, manual_by = NULL
                        WHERE agent = ?""", introduction.name(), issued.kept(), issued.expiresAt(), agent);
        LOG.infof("Agent enrolled anew tenant=%s agent=%s", tenant, agent);
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
