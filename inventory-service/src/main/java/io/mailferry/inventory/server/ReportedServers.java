package io.mailferry.inventory.server;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.ExchangeUpdatePlanned;
import io.mailferry.contracts.inventory.InventoryEvent.ExchangeUpdated;
import io.mailferry.contracts.inventory.InventoryEvent.ServerDiscovered;
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
    private final Clock clock;

    ReportedServers(ServerRows rows, Clock clock) {
        this.rows = rows;
        this.clock = clock;
    }

    /**
     * Takes an agent's word on its server and leaves the server's row locked, so that events of one server leave in
     * order. Only a word that differs from the same agent's last one can change anything: two agents that see one
     * server differently must not make an event with each of their statuses.
     *
     * @param lastServer the server that the same agent reported last, null if it never did
     * @param lastWord what it then said of that server's build, in the form of {@link #wordOf}
     */
    public ServerId report(
            Transaction transaction,
            TenantId tenant,
            AgentStatus.Server reported,
            @Nullable ServerId lastServer,
            @Nullable String lastWord) {
        ServerId fresh = ServerId.random();
        boolean discovered =
                rows.insert(transaction, tenant, fresh, reported.name(), reported.build(), clock.instant());
        if (discovered) {
            transaction.publish(new ServerDiscovered(tenant, fresh, reported.name(), reported.build()));
        }
        Word known = word(transaction, reported.name());
        if (!discovered) {
            updateBuild(
                    transaction, tenant, known, reported.build(), known.server().equals(lastServer) ? lastWord : null);
        }
        updatePlanned(transaction, tenant, known, reported.plannedUpdate());
        return known.server();
    }

    /** What the row holds of agents' words. */
    private record Word(ServerId server, Optional<ExchangeBuild> build, Optional<AgentStatus.PlannedUpdate> planned) {}

    private static Word word(Transaction transaction, String name) {
        return transaction
                .handle()
                .select("""
                        SELECT server, build, planned_build, planned_at FROM exchange_server
                        WHERE lower(name) = lower(?) FOR NO KEY UPDATE""", name)
                .map((row, context) -> new Word(
                        ServerId.of(row.getString("server")),
                        build(row.getString("build")),
                        planned(row.getString("planned_build"), row.getTimestamp("planned_at"))))
                .one();
    }

    private static Optional<ExchangeBuild> build(@Nullable String text) {
        return Optional.ofNullable(text).flatMap(ExchangeBuild::parse);
    }

    private static Optional<AgentStatus.PlannedUpdate> planned(@Nullable String build, @Nullable Timestamp at) {
        return at == null
                ? Optional.empty()
                : build(build).map(known -> new AgentStatus.PlannedUpdate(known, at.toInstant()));
    }

    private static void updateBuild(
            Transaction transaction,
            TenantId tenant,
            Word known,
            Optional<ExchangeBuild> now,
            @Nullable String lastWord) {
        boolean repeated = lastWord != null && lastWord.equals(wordOf(now));
        boolean ignorantNewcomer = lastWord == null && now.isEmpty();
        if (repeated || ignorantNewcomer || now.equals(known.build())) {
            return;
        }
        transaction
                .handle()
                .execute(
                        "UPDATE exchange_server SET build = ? WHERE server = ?",
                        now.map(ExchangeBuild::toString).orElse(null),
                        known.server());
        transaction.publish(new ExchangeUpdated(tenant, known.server(), known.build(), now));
    }

    /** The form in which an agent's last word is remembered. */
    public static String wordOf(Optional<ExchangeBuild> build) {
        return build.map(ExchangeBuild::toString).orElse(UNKNOWN_BUILD);
    }

    private static void updatePlanned(
            Transaction transaction, TenantId tenant, Word known, Optional<AgentStatus.PlannedUpdate> now) {
        if (now.equals(known.planned())) {
            return;
        }
        @Nullable String build = now.map(update -> update.build().toString()).orElse(null);
        @Nullable Instant at = now.map(AgentStatus.PlannedUpdate::at).orElse(null);
        transaction
                .handle()
                .execute(
                        "UPDATE exchange_server SET planned_build = ?, planned_at = ? WHERE server = ?",
                        build,
                        at,
                        known.server());
        now.ifPresent(update ->
                transaction.publish(new ExchangeUpdatePlanned(tenant, known.server(), update.build(), update.at())));
    }
}
