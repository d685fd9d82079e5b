package io.mailferry.exporter.slot;

import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import jakarta.inject.Singleton;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * The slots of all servers. Additive increase, multiplicative decrease: the limit is one number per server in
 * PostgreSQL, so that every exporter sees the same. Works inside the caller's transaction.
 */
@Singleton
public final class ServerSlots {
    /** SQL that is true for a job {@code j} whose server has a free slot; expects {@code :now}. */
    public static final String SERVER_HAS_ROOM = """
            (NOT EXISTS (SELECT 1 FROM server_pace p WHERE p.server = j.server)
             OR EXISTS (SELECT 1 FROM slot s JOIN server_pace p ON p.server = s.server
                        WHERE s.server = j.server AND s.number <= p.width
                          AND (p.held_until IS NULL OR p.held_until <= :now)
                          AND (s.lease IS NULL OR s.lease_until < :now)))""";

    private final SlotSettings settings;

    ServerSlots(SlotSettings settings) {
        this.settings = settings;
    }

    /** @return false if all slots of the server are taken, or it is to be left alone */
    public boolean take(Handle handle, TenantId tenant, ServerId server, UUID lease, Instant now, Instant until) {
        boolean firstTime = handle.execute(
                        "INSERT INTO server_pace (server, tenant, width, changed_at) VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        server,
                        tenant,
                        settings.widthFirst(),
                        Timestamp.from(now))
                == 1;
        if (firstTime) {
            handle.execute(
                    "INSERT INTO slot (server, number, tenant) SELECT ?, generate_series(1, ?), ?",
                    server,
                    settings.widthMax(),
                    tenant);
        }
        return handle.createUpdate("""
                        UPDATE slot SET lease = :lease, lease_until = :until
                        WHERE (server, number) IN (
                            SELECT s.server, s.number FROM slot s JOIN server_pace p ON p.server = s.server
                            WHERE s.server = :server AND s.number <= p.width
                              AND (p.held_until IS NULL OR p.held_until <= :now)
                              AND (s.lease IS NULL OR s.lease_until < :now)
                            ORDER BY s.number LIMIT 1 FOR UPDATE OF s SKIP LOCKED)""")
                        .bind("lease", lease)
                        .bind("server", server.value())
                        .bind("now", Timestamp.from(now))
                        .bind("until", Timestamp.from(until))
                        .execute()
                == 1;
    }

    public void renew(Handle handle, UUID lease, Instant until) {
        handle.execute("UPDATE slot SET lease_until = ? WHERE lease = ?", Timestamp.from(until), lease);
    }

    public void release(Handle handle, UUID lease) {
        handle.execute("UPDATE slot SET lease = NULL, lease_until = NULL WHERE lease = ?", lease);
    }

    /** Moves the limit by what one worker met since it last said so. */
    public void adapt(Handle handle, ServerId server, PaceReport report, Instant now) {
        if (report.throttled()) {
            Duration hold = hold(report.backOff());
            handle.execute(
                    "UPDATE server_pace SET held_until = greatest(coalesce(held_until, ?), ?) WHERE server = ?",
                    Timestamp.from(now),
                    Timestamp.from(now.plus(hold)),
                    server);
            handle.execute(
                    "UPDATE server_pace SET width = greatest(1, width / 2), changed_at = ?"
                            + " WHERE server = ? AND changed_at <= ?",
                    Timestamp.from(now),
                    server,
                    Timestamp.from(now.minus(settings.narrowAtMostEvery())));
        } else if (report.answers() > 0) {
            handle.execute(
                    "UPDATE server_pace SET width = width + 1, changed_at = ?"
                            + " WHERE server = ? AND width < ? AND changed_at <= ?",
                    Timestamp.from(now),
                    server,
                    settings.widthMax(),
                    Timestamp.from(now.minus(settings.widenAfter())));
        }
    }

    private Duration hold(Duration wanted) {
        Duration atLeast = wanted.compareTo(settings.holdDefault()) > 0 ? wanted : settings.holdDefault();
        return atLeast.compareTo(settings.holdMax()) > 0 ? settings.holdMax() : atLeast;
    }

    /** @return whether this build was not known yet */
    public boolean isNewBuild(Handle handle, ServerId server, ExchangeBuild build) {
        return handle.execute(
                        "UPDATE server_pace SET build = ? WHERE server = ? AND build IS DISTINCT FROM ?",
                        build.toString(),
                        server,
                        build.toString())
                == 1;
    }
}
