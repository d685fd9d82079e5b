package io.mailferry.inventory;

import io.mailferry.stack.PostgresServer.Login;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks into the database past the service. */
final class Database {
    /** A look at the database. */
    interface Look<T> {
        T at(Connection connection) throws SQLException;
    }

    private Database() {}

    static Connection connect(Login login) throws SQLException {
        return DriverManager.getConnection(RealParts.postgres().jdbcUrl(), login.user(), login.password());
    }

    static <T> T as(Login login, Look<T> look) {
        try (Connection connection = connect(login)) {
            return look.at(connection);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    static List<String> list(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    static int update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    /** Every table with the tenant's data. */
    static List<String> tables() {
        return as(
                RealParts.postgres().superuser(),
                connection -> list(
                        connection,
                        "SELECT tablename FROM pg_tables WHERE schemaname = 'inventory'"
                                + " AND tablename <> 'flyway_schema_history' ORDER BY 1"));
    }

    /**
     * All rows of all tables as text, but for what the clock alone changes; what row-level security hides is not hidden
     * from here.
     */
    static String everything() {
        return as(RealParts.postgres().superuser(), connection -> {
            StringBuilder text = new StringBuilder();
            for (String table : list(
                    connection,
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'inventory' AND tablename NOT IN ('outbox', 'fleet_presence')"
                            + " ORDER BY 1")) {
                text.append(table).append('\n');
                list(
                                connection,
                                "SELECT (to_jsonb(t) - 'presence' - 'silence_told' - 'returning_seen_at')::text FROM inventory."
                                        + table + " t ORDER BY 1")
                        .forEach(row -> text.append(row).append('\n'));
            }
            return text.toString();
        });
    }
}
