package io.mailferry.inventory.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.ServerConnected;
import io.mailferry.contracts.inventory.InventoryEvent.ServerDiscovered;
import io.mailferry.inventory.build.ExchangeBuilds;
import io.mailferry.inventory.build.NamedBuild;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.history.Said;
import io.mailferry.inventory.listing.Page;
import io.mailferry.messaging.cloudevents.EventMapper;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Exchange servers as operators see and connect them. */
@Singleton
final class Servers {
    private static final Logger LOG = Logger.getLogger(Servers.class);
    private static final ObjectMapper MAPPER = EventMapper.create();

    private final TenantTransactions transactions;
    private final ServerRows rows;
    private final CredentialFiles credentials;
    private final ExchangeBuilds builds;
    private final Changes changes;
    private final Clock clock;

    Servers(
            TenantTransactions transactions,
            ServerRows rows,
            CredentialFiles credentials,
            ExchangeBuilds builds,
            Changes changes,
            Clock clock) {
        this.transactions = transactions;
        this.rows = rows;
        this.credentials = credentials;
        this.builds = builds;
        this.changes = changes;
        this.clock = clock;
    }

    record PlannedUpdate(String build, @Nullable NamedBuild named, Instant at) {}

    /** @param trust the word for whose certificates are believed */
    record Ews(String url, String trust, String credentialRef, boolean impersonate, boolean insecureHttp) {}

    /**
     * A server as its tenant's operators see it.
     *
     * @param build the agents' word, null when nobody could say
     * @param named what that build is called
     * @param buildObserved what EWS itself answered
     * @param observedNamed what that one is called
     * @param buildsDiffer whether EWS answers with another build than the agents report
     * @param ews null until the server is connected
     */
    record Server(
            ServerId serverId,
            TenantId tenantId,
            String name,
            @Nullable String build,
            @Nullable NamedBuild named,
            @Nullable String buildObserved,
            @Nullable NamedBuild observedNamed,
            boolean buildsDiffer,
            @Nullable PlannedUpdate plannedUpdate,
            @Nullable Ews ews,
            Instant discoveredAt) {}

    /**
     * Which servers are asked for.
     *
     * @param connected whether an operator has said how EWS is reached; null for both
     * @param buildsDiffer whether EWS answers with another build than the agents report; null for both
     */
    record Wanted(
            @Nullable String search,
            @Nullable Boolean connected,
            @Nullable Boolean buildsDiffer) {}

    /** By name, one more than the page holds if there are more. */
    List<Server> of(TenantId tenant, Wanted wanted, Page page) {
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .createQuery("""
                        SELECT * FROM exchange_server
                        WHERE (CAST(:search AS text) IS NULL OR position(lower(:search) IN lower(name)) > 0)
                            AND (CAST(:connected AS boolean) IS NULL OR (endpoint IS NOT NULL) = :connected)
                            AND (CAST(:differ AS boolean) IS NULL
                                OR (build_observed IS NOT NULL AND build IS DISTINCT FROM build_observed) = :differ)
                            AND (CAST(:after AS uuid) IS NULL OR (lower(name), server) >
                                (SELECT lower(name), server FROM exchange_server WHERE server = CAST(:after AS uuid)))
                        ORDER BY lower(name), server LIMIT :rows""")
                        .bind("search", wanted.search())
                        .bind("connected", wanted.connected())
                        .bind("differ", wanted.buildsDiffer())
                        .bind("after", page.afterIn(transaction, "exchange_server", "server"))
                        .bind("rows", page.rows())
                        .map(this::server)
                        .list());
    }

    Server one(TenantId tenant, ServerId server) {
        return transactions.inTenant(tenant, transaction -> one(transaction, server));
    }

    private Server one(Transaction transaction, ServerId server) {
        return transaction
                .handle()
                .select("SELECT * FROM exchange_server WHERE server = ?", server)
                .map(this::server)
                .findOne()
                .orElseThrow(ProblemException::notFound);
    }

    /** Registers the server or, when its name or its URL is known already, connects that one. Can be repeated. */
    Connected connect(TenantId tenant, Said.Operator operator, Connection connection) {
        return transactions.inTenant(tenant, transaction -> {
            Optional<ServerId> known = known(transaction, connection);
            ServerId server = known.orElseGet(() -> register(transaction, tenant, operator, connection.name()));
            rows.lock(transaction, server);
            EwsEndpoint endpoint = endpoint(tenant, server, connection);
            Optional<EwsEndpoint> before = endpointOf(transaction, server);
            if (!Optional.of(endpoint).equals(before)) {
                transaction
                        .handle()
                        .execute(
                                "UPDATE exchange_server SET endpoint = ?, endpoint_url = ? WHERE server = ?",
                                json(endpoint),
                                endpoint.url(),
                                server);
                tellConnected(transaction, tenant, operator, server, before, endpoint);
                LOG.infof("Server connected tenant=%s server=%s", tenant, server);
            }
            return new Connected(one(transaction, server), known.isEmpty());
        });
    }

    private void tellConnected(
            Transaction transaction,
            TenantId tenant,
            Said.Operator operator,
            ServerId server,
            Optional<EwsEndpoint> before,
            EwsEndpoint endpoint) {
        ServerConnected connected = new ServerConnected(tenant, server, endpoint);
        before.ifPresentOrElse(
                known -> changes.tell(transaction, operator, new ServerConnected(tenant, server, known), connected),
                () -> changes.tell(transaction, operator, connected));
    }

    /** @param isNew whether nobody knew this server before */
    record Connected(Server server, boolean isNew) {}

    private static Optional<ServerId> known(Transaction transaction, Connection connection) {
        return transaction
                .handle()
                .select("""
                        SELECT server FROM exchange_server WHERE lower(name) = lower(?) OR ? AND endpoint_url = ?
                        ORDER BY endpoint_url IS NOT DISTINCT FROM ? DESC, discovered_at LIMIT 1""", connection.name(), !connection.isNamed(), connection.url(), connection.url())
                .mapTo(ServerId.class)
                .findOne();
    }

    private ServerId register(Transaction transaction, TenantId tenant, Said.Operator operator, String name) {
        AgentStatus.Server named = new AgentStatus.Server(name, Optional.empty(), Optional.empty());
        Optional<ServerId> fresh = rows.insert(transaction, tenant, List.of(named), clock.instant()).stream()
                .findFirst();
        if (fresh.isPresent()) {
            changes.tell(transaction, operator, new ServerDiscovered(tenant, fresh.get(), name, Optional.empty()));
            return fresh.get();
        }
        // An agent reported it between our look and our insert.
        return transaction
                .handle()
                .select("SELECT server FROM exchange_server WHERE lower(name) = lower(?)", name)
                .mapTo(ServerId.class)
                .one();
    }

    private EwsEndpoint endpoint(TenantId tenant, ServerId server, Connection connection) {
        String ref = switch (connection.account()) {
            case Connection.Account.Mounted mounted -> mounted.ref();
            case Connection.Account.Given given -> {
                // Written before the event exists, so that whoever is told finds the file.
                credentials.write(tenant, server.toString(), given.user(), given.password());
                yield server.toString();
            }
        };
        return new EwsEndpoint(
                connection.url(), connection.trust(), ref, connection.impersonate(), connection.insecureHttp());
    }

    private static Optional<EwsEndpoint> endpointOf(Transaction transaction, ServerId server) {
        return transaction
                .handle()
                .select("SELECT endpoint FROM exchange_server WHERE server = ? AND endpoint IS NOT NULL", server)
                .map((row, context) -> endpoint(row.getString("endpoint")))
                .findOne();
    }

    private Server server(ResultSet row, StatementContext context) throws SQLException {
        String build = row.getString("build");
        String observed = row.getString("build_observed");
        String planned = row.getString("planned_build");
        Timestamp plannedAt = row.getTimestamp("planned_at");
        String endpoint = row.getString("endpoint");
        return new Server(
                ServerId.of(row.getString("server")),
                TenantId.of(row.getString("tenant")),
                row.getString("name"),
                build,
                named(build),
                observed,
                named(observed),
                observed != null && !observed.equals(build),
                planned == null || plannedAt == null
                        ? null
                        : new PlannedUpdate(planned, named(planned), plannedAt.toInstant()),
                endpoint == null ? null : ews(endpoint(endpoint)),
                row.getTimestamp("discovered_at").toInstant());
    }

    private @Nullable NamedBuild named(@Nullable String build) {
        return ServerBuilds.build(build).map(builds::name).orElse(null);
    }

    private static Ews ews(EwsEndpoint endpoint) {
        return new Ews(
                endpoint.url(),
                endpoint.trust().getClass().getSimpleName(),
                endpoint.credentialRef(),
                endpoint.impersonate(),
                endpoint.insecureHttp());
    }

    private static String json(EwsEndpoint endpoint) {
        try {
            return MAPPER.writeValueAsString(endpoint);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an endpoint can always be written as JSON", e);
        }
    }

    private static EwsEndpoint endpoint(String json) {
        try {
            return MAPPER.readValue(json, EwsEndpoint.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored endpoint cannot be read", e);
        }
    }
}
