package io.mailferry.planner.fleet;

import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Reads the fleet's list in two queries, however long it is. */
final class FleetList {
    private final Handle handle;

    FleetList(Handle handle) {
        this.handle = handle;
    }

    private record Entry(ServerId server, FleetResource.SetView set) {}

    List<FleetResource.ServerView> page(Predicate<TenantId> visible, Optional<ServerId> after, int rowsMax) {
        UUID[] tenants = handle.select("SELECT DISTINCT tenant FROM server").mapTo(TenantId.class).stream()
                .filter(visible)
                .map(TenantId::value)
                .toArray(UUID[]::new);
        List<FleetResource.ServerView> servers = handle.select(
                        """
                        SELECT server.*,
                            (SELECT string_agg(DISTINCT agent.version, ', ') FROM agent
                             WHERE agent.server = server.server) AS agent_version,
                            (SELECT count(*) FROM mailbox WHERE mailbox.server = server.server) AS mailboxes
                        FROM server WHERE tenant = ANY (?) AND server > ? ORDER BY server LIMIT ?
                        """, tenants, after.map(ServerId::value).orElse(new UUID(0, 0)), rowsMax)
                .map((row, context) -> server(row))
                .list();
        Map<ServerId, List<FleetResource.SetView>> sets =
                sets(servers.stream().map(each -> each.server().value()).toArray(UUID[]::new));
        return servers.stream()
                .map(server -> withSets(server, sets.getOrDefault(server.server(), List.of())))
                .toList();
    }

    private Map<ServerId, List<FleetResource.SetView>> sets(UUID[] servers) {
        return handle
                .select("""
                        SELECT backup_set.*, verdict.risk, newest.plan, newest.state
                        FROM backup_set
                        LEFT JOIN verdict USING (backup_set)
                        LEFT JOIN LATERAL (
                            SELECT plan, state FROM plan WHERE plan.backup_set = backup_set.backup_set
                            ORDER BY made_at DESC LIMIT 1) newest ON true
                        WHERE backup_set.server = ANY (?) ORDER BY backup_set.name, backup_set.backup_set
                        """, (Object) servers)
                .map((row, context) -> new Entry(new ServerId(row.getObject("server", UUID.class)), set(row)))
                .stream()
                .collect(Collectors.groupingBy(
                        Entry::server, HashMap::new, Collectors.mapping(Entry::set, Collectors.toUnmodifiableList())));
    }

    private static FleetResource.ServerView withSets(
            FleetResource.ServerView server, List<FleetResource.SetView> sets) {
        return new FleetResource.ServerView(
                server.tenant(),
                server.server(),
                server.name(),
                server.build(),
                server.connected(),
                server.agentVersion(),
                server.mailboxes(),
                sets);
    }

    private static FleetResource.ServerView server(ResultSet row) throws SQLException {
        return new FleetResource.ServerView(
                new TenantId(row.getObject("tenant", UUID.class)),
                new ServerId(row.getObject("server", UUID.class)),
                row.getString("name"),
                Optional.ofNullable(row.getString("build")),
                row.getString("endpoint") != null,
                Optional.ofNullable(row.getString("agent_version")),
                row.getLong("mailboxes"),
                List.of());
    }

    private static FleetResource.SetView set(ResultSet row) throws SQLException {
        return new FleetResource.SetView(
                new BackupSetId(row.getObject("backup_set", UUID.class)),
                row.getString("name"),
                row.getString("mode"),
                row.getLong("mailboxes"),
                Optional.ofNullable(row.getString("risk")),
                Optional.ofNullable(row.getObject("plan", UUID.class)).map(PlanId::new),
                Optional.ofNullable(row.getString("state")));
    }
}
