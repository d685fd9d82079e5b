package io.mailferry.inventory.server;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.ExchangeUpdatePlanned;
import io.mailferry.contracts.inventory.InventoryEvent.ExchangeUpdateWithdrawn;
import io.mailferry.contracts.inventory.InventoryEvent.ServerDiscovered;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.history.Said;
import io.mailferry.messaging.transaction.RowArrays;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns what agents say of their servers into rows and events. */
@Singleton
public final class ReportedServers {
    /** An agent's word that the build is unknown, as opposed to no word at all. */
    private static final String UNKNOWN_BUILD = "";

    private final ServerRows rows;
    private final ServerBuilds builds;
    private final Changes changes;
    private final Clock clock;

    ReportedServers(ServerRows rows, ServerBuilds builds, Changes changes, Clock clock) {
        this.rows = rows;
        this.builds = builds;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * Locks the servers that these words are about, in one order everywhere, so that events of one server leave in order
     * and nobody waits in a circle. Those that are new have rows from now on.
     *
     * @param likely servers that most of the words are about
     */
    public Locked lock(
            Transaction transaction, TenantId tenant, List<AgentStatus.Server> reported, Set<ServerId> likely) {
        Set<String> names = reported.stream().map(AgentStatus.Server::name).collect(Collectors.toSet());
        Map<String, ServerId> ids = rows.named(transaction, names, likely);
        List<AgentStatus.Server> unknown = reported.stream()
                .filter(server -> !ids.containsKey(server.name()))
                .toList();
        Set<ServerId> fresh = rows.insert(transaction, tenant, unknown, clock.instant());
        ids.putAll(rows.named(
                transaction, unknown.stream().map(AgentStatus.Server::name).collect(Collectors.toSet()), Set.of()));
        Map<ServerId, Known> servers = new HashMap<>();
        RowArrays.of(Set.copyOf(ids.values()))
                .ids("servers", server -> server)
                .read(transaction, """
                        SELECT server, build, build_observed, planned_build, planned_at, planned_by FROM exchange_server
                        WHERE server = ANY (:servers) ORDER BY server FOR NO KEY UPDATE""", (row, context) -> known(row, fresh))
                .forEach(server -> servers.put(server.server, server));
        return new Locked(transaction, tenant, ids, servers);
    }

    /** What is known of a server, as the words of one transaction change it. */
    private static final class Known {
        private final ServerId server;
        /** Whether nobody was told of it yet. */
        private boolean isNew;

        private ServerBuilds.Known builds;
        private Optional<AgentStatus.PlannedUpdate> planned;
        /** Whose word the planned update is. */
        private @Nullable AgentId plannedBy;

        private Known(
                ServerId server,
                boolean isNew,
                ServerBuilds.Known builds,
                Optional<AgentStatus.PlannedUpdate> planned,
                @Nullable AgentId plannedBy) {
            this.server = server;
            this.isNew = isNew;
            this.builds = builds;
            this.planned = planned;
            this.plannedBy = plannedBy;
        }
    }

    private static Known known(ResultSet row, Set<ServerId> fresh) throws SQLException {
        ServerId server = new ServerId(row.getObject("server", UUID.class));
        return new Known(
                server,
                fresh.contains(server),
                ServerBuilds.known(row),
                planned(row.getString("planned_build"), row.getTimestamp("planned_at")),
                agent(row.getString("planned_by")));
    }

    /** The locked servers of one transaction. */
    public final class Locked {
        private final Transaction transaction;
        private final TenantId tenant;
        private final Map<String, ServerId> ids;
        private final Map<ServerId, Known> servers;

        private Locked(
                Transaction transaction, TenantId tenant, Map<String, ServerId> ids, Map<ServerId, Known> servers) {
            this.transaction = transaction;
            this.tenant = tenant;
            this.ids = ids;
            this.servers = servers;
        }

        /** @param name one of those that were locked */
        public ServerId named(String name) {
            return known(name).server;
        }

        private Known known(String name) {
            return Optional.ofNullable(ids.get(name))
                    .map(servers::get)
                    .orElseThrow(() -> new IllegalStateException("a server that was not locked"));
        }

        /**
         * Takes an agent's word on its server. Only a word that differs from the same agent's last one can change
         * anything: two agents that see one server differently must not make an event with each of their statuses.
         *
         * @param said the agent's heartbeat
         * @param lastServer the server that the same agent reported last, null if it never did
         * @param lastWord what it then said of that server's build, in the form of {@link #wordOf}
         */
        public void report(
                Said.Agent said,
                AgentStatus.Server reported,
                @Nullable ServerId lastServer,
                @Nullable String lastWord) {
            Known known = known(reported.name());
            if (known.isNew) {
                known.isNew = false;
                changes.tell(
                        transaction,
                        said,
                        new ServerDiscovered(tenant, known.server, reported.name(), reported.build()));
            } else if (isNews(reported.build(), known.server.equals(lastServer) ? lastWord : null)) {
                known.builds = builds.reported(transaction, tenant, said, known.server, known.builds, reported.build());
            }
            updatePlanned(transaction, tenant, said, known, reported.plannedUpdate());
        }
    }

    private static @Nullable AgentId agent(@Nullable String id) {
        return id == null ? null : AgentId.of(id);
    }

    private static Optional<AgentStatus.PlannedUpdate> planned(@Nullable String build, @Nullable Timestamp at) {
        return at == null
                ? Optional.empty()
                : ServerBuilds.build(build).map(known -> new AgentStatus.PlannedUpdate(known, at.toInstant()));
    }

    /** Only what an agent did not say the last time; a newcomer that cannot tell the build says nothing. */
    private static boolean isNews(Optional<ExchangeBuild> now, @Nullable String lastWord) {
        return lastWord == null ? now.isPresent() : !lastWord.equals(wordOf(now));
    }

    /** The form in which an agent's last word is remembered. */
    public static String wordOf(Optional<ExchangeBuild> build) {
        return build.map(ExchangeBuild::toString).orElse(UNKNOWN_BUILD);
    }

    /** An agent takes back only what it told itself: another one of the same server may know of no planned update. */
    private void updatePlanned(
            Transaction transaction,
            TenantId tenant,
            Said.Agent said,
            Known known,
            Optional<AgentStatus.PlannedUpdate> now) {
        Optional<AgentStatus.PlannedUpdate> last = known.planned;
        boolean foreign = now.isEmpty() && known.plannedBy != null && !known.plannedBy.equals(said.agent());
        if (foreign || now.equals(last)) {
            return;
        }
        @Nullable String build = now.map(update -> update.build().toString()).orElse(null);
        @Nullable Instant at = now.map(AgentStatus.PlannedUpdate::at).orElse(null);
        known.planned = now;
        known.plannedBy = now.isPresent() ? said.agent() : null;
        transaction.writeLater(
                "UPDATE exchange_server SET planned_build = ?, planned_at = ?, planned_by = ? WHERE server = ?",
                build,
                at,
                known.plannedBy,
                known.server);
        Optional<ExchangeUpdatePlanned> before = last.map(update -> planned(tenant, known.server, update));
        Optional<ExchangeUpdatePlanned> planned = now.map(update -> planned(tenant, known.server, update));
        if (planned.isEmpty()) {
            last.ifPresent(update ->
                    changes.tell(transaction, said, new ExchangeUpdateWithdrawn(tenant, known.server, update.build())));
        } else if (before.isEmpty()) {
            changes.tell(transaction, said, planned.get());
        } else {
            changes.tell(transaction, said, before.get(), planned.get());
        }
    }

    private static ExchangeUpdatePlanned planned(TenantId tenant, ServerId server, AgentStatus.PlannedUpdate update) {
        return new ExchangeUpdatePlanned(tenant, server, update.build(), update.at());
    }
}
