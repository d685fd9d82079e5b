package io.mailferry.planner.risk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.cloudevents.EventMapper;
import io.mailferry.messaging.transaction.Transaction;
import io.mailferry.planner.fleet.BackupSet;
import io.mailferry.planner.fleet.FleetTable;
import io.mailferry.planner.fleet.Server;
import io.mailferry.planner.rule.Announcements;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The verdict of every backup set, judged anew whenever a fact changed. */
@Singleton
public final class Verdicts {
    private static final ObjectMapper MAPPER = EventMapper.create();

    private final Assessment assessment;
    private final Clock clock;

    Verdicts(Announcements announcements, RiskSettings settings, Clock clock) {
        this.assessment = new Assessment(announcements, settings.moveEarly());
        this.clock = clock;
    }

    /** A verdict with the set it is about and the moment its risk began. */
    public record Stated(
            TenantId tenant, ServerId server, BackupSetId backupSet, String name, Verdict verdict, Instant since) {}

    /** Judges every set of the server; the caller holds the server's lock. */
    public void assess(Transaction transaction, ServerId serverId) {
        FleetTable fleet = new FleetTable(transaction.handle());
        Optional<Server> server = fleet.server(serverId);
        if (server.isEmpty()) {
            return;
        }
        for (BackupSet set : fleet.backupSets(serverId)) {
            Verdict verdict = assessment.of(server.get(), fleet.agent(set.agent()), set);
            put(transaction, server.get().tenant(), set, verdict);
        }
    }

    public Optional<Verdict> of(Transaction transaction, BackupSetId set) {
        return transaction
                .handle()
                .select("SELECT * FROM verdict WHERE backup_set = ?", set)
                .map((row, context) -> verdict(row))
                .findOne();
    }

    /** In the order of their sets' ids, after the given one, so that a long list can be read in pages. */
    List<Stated> page(Transaction transaction, Optional<BackupSetId> after, int rowsMax) {
        return transaction
                .handle()
                .select("""
                        SELECT verdict.*, backup_set.name FROM verdict JOIN backup_set USING (backup_set)
                        WHERE verdict.backup_set > ? ORDER BY verdict.backup_set LIMIT ?
                        """, after.map(BackupSetId::value).orElse(new UUID(0, 0)), rowsMax)
                .map((row, context) -> new Stated(
                        new TenantId(row.getObject("tenant", UUID.class)),
                        new ServerId(row.getObject("server", UUID.class)),
                        new BackupSetId(row.getObject("backup_set", UUID.class)),
                        row.getString("name"),
                        verdict(row),
                        row.getTimestamp("since").toInstant()))
                .list();
    }

    private void put(Transaction transaction, TenantId tenant, BackupSet set, Verdict verdict) {
        transaction
                .handle()
                .execute(
                        """
                        INSERT INTO verdict (backup_set, tenant, server, risk, rule, facts, sentence, asks, uncovered,
                            since)
                        VALUES (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?::jsonb, ?)
                        ON CONFLICT (backup_set) DO UPDATE SET server = excluded.server, risk = excluded.risk,
                            rule = excluded.rule, facts = excluded.facts, sentence = excluded.sentence,
                            asks = excluded.asks, uncovered = excluded.uncovered,
                            since = CASE WHEN verdict.risk = excluded.risk THEN verdict.since ELSE excluded.since END
                        """,
                        set.backupSet(),
                        tenant,
                        set.server(),
                        verdict.risk().name(),
                        verdict.rule(),
                        json(verdict.facts()),
                        verdict.sentence(),
                        verdict.asks().orElse(null),
                        json(verdict.uncovered()),
                        Timestamp.from(clock.instant()));
    }

    private static Verdict verdict(ResultSet row) throws SQLException {
        return new Verdict(
                Risk.valueOf(row.getString("risk")),
                row.getString("rule"),
                facts(row.getString("facts")),
                row.getString("sentence"),
                Optional.ofNullable(row.getString("asks")),
                uncovered(row.getString("uncovered")));
    }

    private static String json(Object column) {
        try {
            return MAPPER.writeValueAsString(column);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a verdict's columns can always be written as JSON", e);
        }
    }

    private static Map<String, String> facts(String json) {
        try {
            return MAPPER.readValue(json, new TypeReference<Map<String, String>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a verdict's facts column is unreadable");
        }
    }

    private static List<Uncovered> uncovered(String json) {
        try {
            return MAPPER.readValue(json, new TypeReference<List<Uncovered>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a verdict's uncovered column is unreadable");
        }
    }
}
