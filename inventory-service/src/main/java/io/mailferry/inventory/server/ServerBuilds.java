package io.mailferry.inventory.server;

import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.ExchangeUpdated;
import io.mailferry.contracts.inventory.InventoryEvent.ServerBuildAgrees;
import io.mailferry.contracts.inventory.InventoryEvent.ServerBuildDiffers;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.history.Said;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server's two builds: the agents' word, and what EWS itself answers. Both are kept, neither corrects the other. The
 * higher one counts: an update that only one of them has noticed has happened all the same, and taking it for not
 * happened would leave a backup without a warning. A lower one proves nothing, since either may be old.
 */
@Singleton
final class ServerBuilds {
    private final ServerRows rows;
    private final Changes changes;

    ServerBuilds(ServerRows rows, Changes changes) {
        this.rows = rows;
        this.changes = changes;
    }

    /** Both words as they were last heard. */
    record Known(Optional<ExchangeBuild> reported, Optional<ExchangeBuild> observed) {
        /** What counts; empty when neither could say. */
        Optional<ExchangeBuild> build() {
            return Stream.of(reported, observed).flatMap(Optional::stream).max(ExchangeBuild::compareTo);
        }
    }

    /** Takes an agent's word and returns what is known with it. Needs the server's row locked. */
    Known reported(
            Transaction transaction,
            TenantId tenant,
            Said said,
            ServerId server,
            Known known,
            Optional<ExchangeBuild> build) {
        if (build.equals(known.reported())) {
            return known;
        }
        transaction.writeLater(
                "UPDATE exchange_server SET build = ? WHERE server = ?",
                build.map(ExchangeBuild::toString).orElse(null),
                server);
        Known now = new Known(build, known.observed());
        tell(transaction, tenant, said, server, known, now);
        return now;
    }

    /** Takes what EWS itself answered; repeating it changes nothing. A server that is not there was another tenant's. */
    void observed(Transaction transaction, TenantId tenant, ServerId server, ExchangeBuild build) {
        if (!rows.exists(transaction, server)) {
            return;
        }
        rows.lock(transaction, server);
        Known known = known(transaction, server);
        if (Optional.of(build).equals(known.observed())) {
            return;
        }
        transaction
                .handle()
                .execute("UPDATE exchange_server SET build_observed = ? WHERE server = ?", build.toString(), server);
        tell(transaction, tenant, new Said.Exchange(), server, known, new Known(known.reported(), Optional.of(build)));
    }

    private void tell(Transaction transaction, TenantId tenant, Said said, ServerId server, Known before, Known now) {
        now.observed().ifPresent(observed -> {
            if (now.reported().equals(now.observed())) {
                changes.tell(transaction, said, new ServerBuildAgrees(tenant, server, observed));
            } else {
                changes.tell(transaction, said, new ServerBuildDiffers(tenant, server, now.reported(), observed));
            }
        });
        if (!now.build().equals(before.build())) {
            changes.tell(transaction, said, new ExchangeUpdated(tenant, server, before.build(), now.build()));
        }
    }

    private static Known known(Transaction transaction, ServerId server) {
        return transaction
                .handle()
                .select("SELECT build, build_observed FROM exchange_server WHERE server = ?", server)
                .map((row, context) -> known(row))
                .one();
    }

    /** @param row with the columns {@code build} and {@code build_observed} */
    static Known known(ResultSet row) throws SQLException {
        return new Known(build(row.getString("build")), build(row.getString("build_observed")));
    }

    static Optional<ExchangeBuild> build(@Nullable String text) {
        return Optional.ofNullable(text).flatMap(ExchangeBuild::parse);
    }
}
