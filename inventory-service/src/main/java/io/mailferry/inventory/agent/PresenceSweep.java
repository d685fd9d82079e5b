package io.mailferry.inventory.agent;

import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.AgentReturned;
import io.mailferry.contracts.inventory.InventoryEvent.AgentSilent;
import io.mailferry.contracts.inventory.InventoryEvent.FleetReturned;
import io.mailferry.contracts.inventory.InventoryEvent.FleetSilence;
import io.mailferry.contracts.inventory.InventoryEvent.FleetSilent;
import io.mailferry.inventory.agent.PresenceRows.Line;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.history.Said;
import io.mailferry.inventory.server.ServerRows;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;

/**
 * Notices who is late, silent and back, on this service's clock, and tells it: of each agent by itself, or of a whole fleet
 * at once when most of it is missing or nobody could report.
 */
@Singleton
final class PresenceSweep {
    private static final Logger LOG = Logger.getLogger(PresenceSweep.class);

    private final TenantTransactions transactions;
    private final PresenceRows rows;
    private final ServerRows servers;
    private final Changes changes;
    private final Outage outage;
    private final Duration late;
    private final Duration silent;
    private final int sweptMax;
    private final Clock clock;
    private final AtomicLong silentFleets = new AtomicLong();

    PresenceSweep(
            TenantTransactions transactions,
            PresenceRows rows,
            ServerRows servers,
            Changes changes,
            AgentSettings settings,
            Clock clock,
            MeterRegistry meters) {
        this.transactions = transactions;
        this.rows = rows;
        this.servers = servers;
        this.changes = changes;
        this.late = settings.heartbeatInterval().multipliedBy(settings.lateAfterIntervals());
        Duration byIntervals = settings.heartbeatInterval().multipliedBy(settings.silentAfterIntervals());
        this.silent = byIntervals.compareTo(settings.silentAfter()) > 0 ? byIntervals : settings.silentAfter();
        this.sweptMax = settings.sweptMax();
        this.outage = new Outage(Outage.Limits.of(settings), late);
        this.clock = clock;
        Gauge.builder("mailferry.inventory.silent.fleets", silentFleets, AtomicLong::get)
                .description("Tenants whose fleet is silent as a whole")
                .register(meters);
    }

    @Scheduled(every = "${mailferry.agents.sweep-every}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        try {
            sweepAll();
        } catch (JdbiException e) {
            LOG.warnf("Agents not swept, trying again: failure=%s", e.getClass().getSimpleName());
        }
    }

    private void sweepAll() {
        Instant now = clock.instant();
        Line line = new Line(now, now.minus(late), now.minus(silent));
        Map<TenantId, Outage.Count> counts = transactions.acrossTenants(transaction -> rows.counts(transaction, line));
        boolean mostOfAll =
                outage.isMostOfAll(counts.values().stream().reduce(new Outage.Count(0, 0, 0), Outage.Count::plus));
        for (TenantId tenant : counts.keySet()) {
            List<AgentId> due =
                    transactions.inTenant(tenant, transaction -> sweep(transaction, tenant, line, mostOfAll));
            for (AgentId agent : due) {
                transactions.useTenant(
                        tenant,
                        transaction ->
                                rows.lock(transaction, agent).ifPresent(seen -> tell(transaction, tenant, seen, line)));
            }
        }
        silentFleets.set(transactions.acrossTenants(rows::silentFleets));
    }

    /** Gives the agents of which something is to be told, each in a transaction of its own, since that locks a server. */
    private List<AgentId> sweep(Transaction transaction, TenantId tenant, Line line, boolean mostOfAll) {
        Optional<PresenceRows.Fleet> fleet = rows.sweep(transaction, tenant, line.now());
        if (fleet.isEmpty()) {
            return List.of();
        }
        rows.moveQuietly(transaction, line);
        Outage.Count count = rows.count(transaction, line);
        if (isSilent(transaction, tenant, fleet.get(), count, line, mostOfAll)) {
            rows.silenceQuietly(transaction, line);
            return List.of();
        }
        return rows.due(transaction, line, sweptMax);
    }

    private boolean isSilent(
            Transaction transaction,
            TenantId tenant,
            PresenceRows.Fleet fleet,
            Outage.Count count,
            Line line,
            boolean mostOfAll) {
        Instant since = fleet.silentSince();
        if (since == null) {
            Optional<FleetSilence> begins = outage.begins(count, mostOfAll, fleet.sweptAt(), line.now());
            begins.ifPresent(cause -> {
                rows.fleetSilentSince(transaction, tenant, line.now());
                transaction.publish(new FleetSilent(tenant, cause, count.known(), count.missing()));
                LOG.warnf(
                        "Fleet silent tenant=%s cause=%s known=%d missing=%d",
                        tenant, cause, count.known(), count.missing());
            });
            return begins.isPresent();
        }
        if (!outage.ends(count, since, line.now())) {
            return true;
        }
        rows.fleetSilentSince(transaction, tenant, null);
        transaction.publish(new FleetReturned(tenant, count.known(), count.missing()));
        LOG.infof("Fleet returned tenant=%s known=%d missing=%d", tenant, count.known(), count.missing());
        return false;
    }

    /** The row may have moved on since it was found. */
    private void tell(Transaction transaction, TenantId tenant, PresenceRows.Seen seen, Line line) {
        switch (seen.presence()) {
            case LATE, SILENT -> {
                if (!seen.silenceTold() && seen.seenAt().isBefore(line.silentBefore())) {
                    rows.update(transaction, seen.agent(), Presence.SILENT, true);
                    if (seen.server() != null) {
                        servers.lock(transaction, seen.server());
                        changes.tell(
                                transaction,
                                new Said.Silence(),
                                new AgentSilent(tenant, seen.server(), seen.agent(), seen.seenAt()));
                    }
                    LOG.warnf("Agent silent tenant=%s agent=%s", tenant, seen.agent());
                }
            }
            case RETURNING -> {
                Instant first = seen.returningSeenAt();
                if (first != null && seen.seenAt().isAfter(first)) {
                    rows.update(transaction, seen.agent(), Presence.PRESENT, false);
                    if (seen.server() != null) {
                        servers.lock(transaction, seen.server());
                        changes.tell(
                                transaction,
                                new Said.Silence(),
                                new AgentReturned(tenant, seen.server(), seen.agent()));
                    }
                    LOG.infof("Agent returned tenant=%s agent=%s", tenant, seen.agent());
                }
            }
            case NEW, PRESENT, MANUAL, REVOKED -> {}
        }
    }
}
