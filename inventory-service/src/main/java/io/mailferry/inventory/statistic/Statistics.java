package io.mailferry.inventory.statistic;

import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.build.ExchangeBuilds;
import io.mailferry.inventory.build.NamedBuild;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts what will have to move, from what agents reported and operators imported. */
@Singleton
final class Statistics {
    /** Stands for all servers of the tenant. */
    private static final String ALL = "all";

    private final TenantTransactions transactions;
    private final ExchangeBuilds builds;

    Statistics(TenantTransactions transactions, ExchangeBuilds builds) {
        this.transactions = transactions;
        this.builds = builds;
    }

    /** Each mailbox counted once, with the largest figures that a set or an import has of it. */
    record Volume(long mailboxes, long items, long bytes) {
        static final Volume NONE = new Volume(0, 0, 0);
    }

    /**
     * What no plan moves.
     *
     * @param publicFolders what sets back up of public folders; {@code mailboxes} is the number of such sets
     * @param archives archive mailboxes that an import told of
     * @param recoverableItems of the mailboxes that an import told of
     * @param inNoSet mailboxes that no listed backup set holds
     */
    record NotCovered(Volume publicFolders, Volume archives, Volume recoverableItems, Volume inNoSet) {}

    record OfSet(
            BackupSetId backupSetId, String name, BackupMode mode, Volume mailboxes, PublicFolders publicFolders) {}

    /**
     * @param named the build that counts, with its name; null if it is unknown
     * @param toMove what its MAPI sets hold
     */
    record OfServer(
            ServerId serverId,
            String name,
            @Nullable NamedBuild named,
            Volume toMove,
            NotCovered notCovered,
            List<OfSet> backupSets) {
        OfServer {
            backupSets = List.copyOf(backupSets);
        }
    }

    record OfTenant(TenantId tenantId, Volume toMove, NotCovered notCovered, List<OfServer> servers) {
        OfTenant {
            servers = List.copyOf(servers);
        }
    }

    OfTenant of(TenantId tenant) {
        return transactions.inTenant(tenant, transaction -> {
            Counts counts = counts(transaction);
            Map<String, List<OfSet>> sets = sets(transaction);
            List<OfServer> servers = transaction
                    .handle()
                    .select(
                            "SELECT server, name, build, build_observed FROM exchange_server ORDER BY lower(name), server")
                    .map((row, context) -> new OfServer(
                            ServerId.of(row.getString("server")),
                            row.getString("name"),
                            named(row),
                            counts.of(Kind.TO_MOVE, row.getString("server")),
                            counts.notCovered(row.getString("server")),
                            sets.getOrDefault(row.getString("server"), List.of())))
                    .list();
            return new OfTenant(tenant, counts.of(Kind.TO_MOVE, ALL), counts.notCovered(ALL), servers);
        });
    }

    private enum Kind {
        TO_MOVE,
        PUBLIC_FOLDERS,
        ARCHIVES,
        RECOVERABLE_ITEMS,
        IN_NO_SET
    }

    /** By kind and server, or {@link #ALL} of the tenant. */
    private record Counts(Map<Kind, Map<String, Volume>> counts) {
        Volume of(Kind kind, String server) {
            return counts.getOrDefault(kind, Map.of()).getOrDefault(server, Volume.NONE);
        }

        NotCovered notCovered(String server) {
            return new NotCovered(
                    of(Kind.PUBLIC_FOLDERS, server),
                    of(Kind.ARCHIVES, server),
                    of(Kind.RECOVERABLE_ITEMS, server),
                    of(Kind.IN_NO_SET, server));
        }
    }

    /** In one statement, so that what changes meanwhile is not counted twice. */
    private static Counts counts(Transaction transaction) {
        Map<Kind, Map<String, Volume>> counts = new EnumMap<>(Kind.class);
        transaction
                .handle()
                .createQuery("""
                        WITH held AS (
                            SELECT x.mailbox, bool_or(b.mode = 'MAPI') AS mapi, max(x.items) AS items, max(x.bytes) AS bytes
                            FROM backup_set_mailbox x JOIN backup_set b ON b.backup_set = x.backup_set AND b.present
                            GROUP BY x.mailbox),
                        thing AS (
                            SELECT 'TO_MOVE' AS kind, m.server, greatest(h.items, m.items) AS items,
                                greatest(h.bytes, m.bytes) AS bytes
                            FROM held h JOIN mailbox m ON m.mailbox = h.mailbox WHERE h.mapi
                            UNION ALL
                            SELECT 'PUBLIC_FOLDERS', server, public_folder_items, public_folder_bytes
                            FROM backup_set WHERE present AND mode = 'MAPI'
                                AND (public_folder_items > 0 OR public_folder_bytes > 0)
                            UNION ALL
                            SELECT 'ARCHIVES', server, archive_items, archive_bytes
                            FROM mailbox WHERE archive_guid IS NOT NULL
                            UNION ALL
                            SELECT 'RECOVERABLE_ITEMS', server, recoverable_items, recoverable_bytes
                            FROM mailbox WHERE recoverable_items > 0 OR recoverable_bytes > 0
                            UNION ALL
                            SELECT 'IN_NO_SET', server, items, bytes
                            FROM mailbox m WHERE NOT EXISTS (SELECT 1 FROM held h WHERE h.mailbox = m.mailbox))
                        SELECT kind, coalesce(server::text, :all) AS server, count(*) AS things,
                            least(coalesce(sum(items), 0), 9223372036854775807)::bigint AS items,
                            least(coalesce(sum(bytes), 0), 9223372036854775807)::bigint AS bytes
                        FROM thing GROUP BY GROUPING SETS ((kind, server), (kind))""")
                .bind("all", ALL)
                .map((row, context) -> Map.entry(
                        Kind.valueOf(row.getString("kind")), Map.entry(row.getString("server"), volume(row, "things"))))
                .forEach(entry -> counts.computeIfAbsent(entry.getKey(), kind -> new HashMap<>())
                        .put(entry.getValue().getKey(), entry.getValue().getValue()));
        return new Counts(counts);
    }

    private static Map<String, List<OfSet>> sets(Transaction transaction) {
        Map<String, List<OfSet>> sets = new HashMap<>();
        transaction
                .handle()
                .select("""
                        SELECT b.server, b.backup_set, b.name, b.mode, count(x.mailbox) AS things,
                            least(coalesce(sum(x.items), 0), 9223372036854775807)::bigint AS items,
                            least(coalesce(sum(x.bytes), 0), 9223372036854775807)::bigint AS bytes,
                            coalesce(b.public_folder_items, 0) AS public_folder_items,
                            coalesce(b.public_folder_bytes, 0) AS public_folder_bytes
                        FROM backup_set b LEFT JOIN backup_set_mailbox x ON x.backup_set = b.backup_set
                        WHERE b.present GROUP BY b.backup_set ORDER BY lower(b.name), b.backup_set""")
                .map((row, context) -> Map.entry(
                        row.getString("server"),
                        new OfSet(
                                BackupSetId.of(row.getString("backup_set")),
                                row.getString("name"),
                                BackupMode.valueOf(row.getString("mode")),
                                volume(row, "things"),
                                new PublicFolders(
                                        row.getLong("public_folder_items"), row.getLong("public_folder_bytes")))))
                .forEach(entry -> sets.computeIfAbsent(entry.getKey(), server -> new ArrayList<>())
                        .add(entry.getValue()));
        return sets;
    }

    private static Volume volume(ResultSet row, String count) throws SQLException {
        return new Volume(row.getLong(count), row.getLong("items"), row.getLong("bytes"));
    }

    /** The higher of the two builds counts, as it does for the planner. */
    private @Nullable NamedBuild named(ResultSet row) throws SQLException {
        return Stream.of(
                        Optional.ofNullable(row.getString("build")),
                        Optional.ofNullable(row.getString("build_observed")))
                .flatMap(Optional::stream)
                .flatMap(build -> ExchangeBuild.parse(build).stream())
                .max(ExchangeBuild::compareTo)
                .map(builds::name)
                .orElse(null);
    }
}
