package io.mailferry.stack.bench;

import io.mailferry.stack.LocalStack;
import io.mailferry.stack.StackFailure;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * How far PostgreSQL has come with what the agents told, by the agents' own rows. Asking them costs next to nothing, whereas
 * reading a large inventory by REST would count as time that its changes took.
 */
final class AppliedRows {
    private static final long PAUSE_MILLIS = 50;
    private static final String BEHIND = """
            SELECT 1 FROM inventory.agent JOIN unnest(?, ?) AS told (agent, sequence) USING (agent)
            WHERE applied_sequence < told.sequence LIMIT 1""";

    private final LocalStack stack;

    AppliedRows(LocalStack stack) {
        this.stack = stack;
    }

    /**
     * Returns when every agent's row reflects the heartbeat of this sequence.
     *
     * @param told the last sequences that were taken with a status, by the agents' ids
     * @throws StackFailure if they do not within the deadline
     */
    void await(Map<String, Long> told, Duration deadline) {
        long until = System.nanoTime() + deadline.toNanos();
        var login = stack.postgres().superuser();
        try (Connection connection =
                        DriverManager.getConnection(stack.postgres().jdbcUrl(), login.user(), login.password());
                PreparedStatement behind = connection.prepareStatement(BEHIND)) {
            behind.setArray(1, connection.createArrayOf("uuid", told.keySet().toArray()));
            behind.setArray(2, connection.createArrayOf("bigint", told.values().toArray()));
            while (isAny(behind)) {
                if (System.nanoTime() > until) {
                    throw new StackFailure("Not all that the agents told is in PostgreSQL, " + deadline.toSeconds()
                            + " s after the last heartbeat.");
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (SQLException e) {
            throw new StackFailure("PostgreSQL does not say how far it has come.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while waiting for PostgreSQL", e);
        }
    }

    private static boolean isAny(PreparedStatement behind) throws SQLException {
        try (ResultSet rows = behind.executeQuery()) {
            return rows.next();
        }
    }
}
