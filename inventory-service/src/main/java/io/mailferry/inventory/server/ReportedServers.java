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
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
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
     * Takes an agent's word on its server and leaves the server's row locked, so that events of one server leave in
     * order. Only a word that differs from the same agent's last one can change anything: two agents that see one
     * server differently must not make an event with each of their statuses.
     *
     * @param said the agent's heartbeat
     * @param lastServer the server that the same agent reported last, null if it never did
     * @param lastWord what it then said of that server's build, in the form of {@link #wordOf}
     */
    public ServerId report(
            Transaction transaction,
            TenantId tenant,
            Said.Agent said,
            AgentStatus.Server reported,
            @Nullable ServerId lastServer,
            @Nullable String lastWord) {
        ServerId fresh = ServerId.random();
        boolean discovered =
                rows.insert(transaction, tenant, fresh, reported.name(), reported.build(), clock.instant());
        if (discovered) {
            changes.tell(transaction, said, new ServerDiscovered(tenant, fresh, reported.name(), reported.build()));
        }
        Word known = word(transaction, reported.name());
        if (!discovered && isNews(reported.build(), known.server().equals(lastServer) ? lastWord : null)) {
            builds.reported(transaction, tenant, said, known.server(), reported.build());
        }
        updatePlanned(transaction, tenant, said, known, reported.plannedUpdate());
        return known.server();
    }

    /** What the row holds of agents' words on a planned update, and whose word it is. */
    private record Word(
            ServerId server,
            Optional<AgentStatus.PlannedUpdate> planned,
            @Nullable AgentId plannedBy) {}

    private static Word word(Transaction transaction, String name) {
        return transaction
                .handle()
                .select("""
                        SELECT server, planned_build, planned_at, planned_by FROM exchange_server
                        WHERE lower(name) = lower(?) FOR NO KEY UPDATE""", name)
                .map((row, context) -> new Word(
                        ServerId.of(row.getString("server")),
                        planned(row.getString("planned_build"), row.getTimestamp("planned_at")),
                        agent(row.getString("planned_by"))))
                .one();
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
            Word known,
            Optional<AgentStatus.PlannedUpdate> now) {
        boolean foreign =
                now.isEmpty() && known.plannedBy() != null && !known.plannedBy().equals(said.agent());
        if (foreign || now.equals(known.planned())) {
            return;
        }
        @Nullable String build = now.map(update -> update.build().toString()).orElse(null);
        @Nullable Instant at = now.map(AgentStatus.PlannedUpdate::at).orElse(null);
        transaction
                .handle()
                .execute(
                        "UPDATE exchange_server SET planned_build = ?, planned_at = ?, planned_by = ? WHERE server = ?",
                        build,
                        at,
                        now.isPresent() ? said.agent() : null,
                        known.server());
        Optional<ExchangeUpdatePlanned> before = known.planned().map(update -> planned(tenant, known.server(), update));
        Optional<ExchangeUpdatePlanned> planned = now.map(update -> planned(tenant, known.server(), update));
        if (planned.isEmpty()) {
            known.planned()
                    .ifPresent(update -> changes.tell(
                            transaction, said, new ExchangeUpdateWithdrawn(tenant, known.server(), update.build())));
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
