package io.mailferry.planner.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.upload.UploadProgress;
import io.mailferry.messaging.cloudevents.EventMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The fleet's rows, through one open transaction; row-level security decides whose they are. */
public final class FleetTable {
    private static final ObjectMapper MAPPER = EventMapper.create();

    private final Handle handle;

    public FleetTable(Handle handle) {
        this.handle = handle;
    }

    /** Makes what follows in this transaction the only change to this server's plans; false if it is unknown. */
    public boolean lock(ServerId server) {
        return handle.select("SELECT server FROM server WHERE server = ? FOR UPDATE", server)
                .mapTo(ServerId.class)
                .findOne()
                .isPresent();
    }

    public Optional<Server> server(ServerId server) {
        return handle.select("SELECT * FROM server WHERE server = ?", server)
                .map((row, context) -> server(row))
                .findOne();
    }

    public List<BackupSet> backupSets(ServerId server) {
        return handle.select("SELECT * FROM backup_set WHERE server = ? ORDER BY backup_set", server)
                .map((row, context) -> backupSet(row))
                .list();
    }

    public Optional<Agent> agent(AgentId agent) {
        return handle.select("SELECT * FROM agent WHERE agent = ?", agent)
                .map((row, context) -> agent(row))
                .findOne();
    }

    public List<Mailbox> mailboxes(BackupSetId set) {
        return handle.select("""
                        SELECT mailbox.* FROM mailbox JOIN membership USING (mailbox)
                        WHERE membership.backup_set = ? ORDER BY mailbox
                        """, set).map((row, context) -> mailbox(row)).list();
    }

    public Optional<Mailbox> mailbox(MailboxId mailbox) {
        return handle.select("SELECT * FROM mailbox WHERE mailbox = ?", mailbox)
                .map((row, context) -> mailbox(row))
                .findOne();
    }

    public Optional<Head> head(MailboxId mailbox) {
        return handle.select("SELECT * FROM head WHERE mailbox = ?", mailbox)
                .map((row, context) -> new Head(
                        id(row, "mailbox", MailboxId::new),
                        id(row, "restore_point", RestorePointId::new),
                        row.getLong("log_number"),
                        row.getBoolean("complete"),
                        row.getTimestamp("at").toInstant()))
                .findOne();
    }

    void know(TenantId tenant, ServerId server) {
        handle.execute("INSERT INTO server (server, tenant) VALUES (?, ?) ON CONFLICT DO NOTHING", server, tenant);
    }

    void name(ServerId server, String name) {
        handle.execute("UPDATE server SET name = ? WHERE server = ?", name, server);
    }

    void build(ServerId server, Optional<ExchangeBuild> build) {
        handle.execute(
                "UPDATE server SET build = ? WHERE server = ?",
                build.map(ExchangeBuild::toString).orElse(null),
                server);
    }

    void endpoint(ServerId server, EwsEndpoint endpoint) {
        handle.execute("UPDATE server SET endpoint = ?::jsonb WHERE server = ?", json(endpoint), server);
    }

    void plannedUpdate(ServerId server, Server.PlannedUpdate update) {
        handle.execute(
                "UPDATE server SET planned_build = ?, planned_at = ? WHERE server = ?",
                update.build().toString(),
                Timestamp.from(update.at()),
                server);
    }

    void noPlannedUpdate(ServerId server) {
        handle.execute("UPDATE server SET planned_build = NULL, planned_at = NULL WHERE server = ?", server);
    }

    void quota(BackupSetId set, long quotaBytes, long usedBytes) {
        handle.execute(
                "UPDATE backup_set SET quota_bytes = ?, used_bytes = ? WHERE backup_set = ?",
                quotaBytes,
                usedBytes,
                set);
    }

    void put(TenantId tenant, ServerId server, Agent agent) {
        handle.execute("""
                INSERT INTO agent (agent, tenant, server, brand, version) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (agent) DO UPDATE
                SET server = excluded.server, brand = excluded.brand, version = excluded.version
                """, agent.agent(), tenant, server, agent.brand(), agent.version());
    }

    void put(TenantId tenant, BackupSet set) {
        handle.execute(
                """
                INSERT INTO backup_set (backup_set, tenant, server, agent, name, mode, schedule_enabled,
                    retention_enabled, quota_bytes, used_bytes, mailboxes, public_folder_items, public_folder_bytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (backup_set) DO UPDATE SET server = excluded.server, agent = excluded.agent,
                    name = excluded.name, mode = excluded.mode, schedule_enabled = excluded.schedule_enabled,
                    retention_enabled = excluded.retention_enabled, quota_bytes = excluded.quota_bytes,
                    used_bytes = excluded.used_bytes, mailboxes = excluded.mailboxes,
                    public_folder_items = excluded.public_folder_items,
                    public_folder_bytes = excluded.public_folder_bytes
                """,
                set.backupSet(),
                tenant,
                set.server(),
                set.agent(),
                set.name(),
                set.mode().name(),
                set.scheduleEnabled(),
                set.retentionEnabled(),
                set.quotaBytes(),
                set.usedBytes(),
                set.mailboxes(),
                set.publicFolders().map(PublicFolders::items).orElse(null),
                set.publicFolders().map(PublicFolders::bytes).orElse(null));
    }

    void put(TenantId tenant, Mailbox mailbox) {
        handle.execute(
                """
                INSERT INTO mailbox (mailbox, tenant, server, address, exchange_guid, items, bytes)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (mailbox) DO UPDATE SET server = excluded.server, address = excluded.address,
                    exchange_guid = coalesce(excluded.exchange_guid, mailbox.exchange_guid),
                    items = excluded.items, bytes = excluded.bytes
                """,
                mailbox.mailbox(),
                tenant,
                mailbox.server(),
                mailbox.address().value(),
                mailbox.exchangeGuid().orElse(null),
                mailbox.items(),
                mailbox.bytes());
    }

    /** Whether the mailbox is new to the set. */
    boolean join(TenantId tenant, BackupSetId set, MailboxId mailbox) {
        return handle.execute(
                        "INSERT INTO membership (backup_set, mailbox, tenant) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        set,
                        mailbox,
                        tenant)
                == 1;
    }

    void put(UploadProgress.RestorePointRecorded recorded, Instant at) {
        handle.execute(
                """
                INSERT INTO head (mailbox, tenant, log_number, restore_point, complete, items, skipped, sealed_bytes, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (mailbox) DO UPDATE SET log_number = excluded.log_number,
                    restore_point = excluded.restore_point, complete = excluded.complete, items = excluded.items,
                    skipped = excluded.skipped, sealed_bytes = excluded.sealed_bytes, at = excluded.at
                WHERE head.log_number < excluded.log_number
                """,
                recorded.mailbox(),
                recorded.tenant(),
                recorded.logNumber(),
                recorded.restorePoint(),
                recorded.complete(),
                recorded.items(),
                recorded.skipped(),
                recorded.sealedBytes(),
                Timestamp.from(at));
    }

    private static Server server(ResultSet row) throws SQLException {
        Optional<ExchangeBuild> planned = build(row.getString("planned_build"));
        Timestamp plannedAt = row.getTimestamp("planned_at");
        return new Server(
                id(row, "tenant", TenantId::new),
                id(row, "server", ServerId::new),
                row.getString("name"),
                build(row.getString("build")),
                Optional.ofNullable(row.getString("endpoint")).map(FleetTable::endpoint),
                planned.map(build -> new Server.PlannedUpdate(build, plannedAt.toInstant())));
    }

    private static Agent agent(ResultSet row) throws SQLException {
        return new Agent(id(row, "agent", AgentId::new), row.getString("brand"), row.getString("version"));
    }

    private static BackupSet backupSet(ResultSet row) throws SQLException {
        return new BackupSet(
                id(row, "backup_set", BackupSetId::new),
                id(row, "server", ServerId::new),
                id(row, "agent", AgentId::new),
                row.getString("name"),
                BackupMode.valueOf(row.getString("mode")),
                row.getBoolean("schedule_enabled"),
                row.getBoolean("retention_enabled"),
                row.getLong("quota_bytes"),
                row.getLong("used_bytes"),
                row.getInt("mailboxes"),
                publicFolders(row));
    }

    private static Optional<PublicFolders> publicFolders(ResultSet row) throws SQLException {
        long items = row.getLong("public_folder_items");
        return row.wasNull()
                ? Optional.empty()
                : Optional.of(new PublicFolders(items, row.getLong("public_folder_bytes")));
    }

    private static Mailbox mailbox(ResultSet row) throws SQLException {
        return new Mailbox(
                id(row, "mailbox", MailboxId::new),
                id(row, "server", ServerId::new),
                new SealedAddress(row.getString("address")),
                Optional.ofNullable(row.getObject("exchange_guid", UUID.class)),
                row.getLong("items"),
                row.getLong("bytes"));
    }

    private static Optional<ExchangeBuild> build(@Nullable String text) {
        return Optional.ofNullable(text).flatMap(ExchangeBuild::parse);
    }

    private static <T> T id(ResultSet row, String column, Function<UUID, T> type) throws SQLException {
        return type.apply(row.getObject(column, UUID.class));
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
            throw new IllegalStateException("a server's endpoint column is unreadable");
        }
    }
}
