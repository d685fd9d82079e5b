package io.mailferry.system;

import io.mailferry.stack.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The stack's database as its administrator sees it, past every policy. */
final class Database {
    private final PostgresServer postgres;

    Database(PostgresServer postgres) {
        this.postgres = postgres;
    }

    /** The first column of what a query answers. */
    List<String> rows(String query) {
        PostgresServer.Login login = postgres.superuser();
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), login.user(), login.password());
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(found.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every table of the services, with its schema. */
    List<String> tables() {
        String schemas = "'" + String.join("', '", PostgresServer.SCHEMAS) + "'";
        return rows("SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
                + " WHERE schemaname IN (" + schemas + ") ORDER BY 1");
    }

    /** Every row of a table as text; bytes as hexadecimal digits, whatever the server's files make of them. */
    String text(String table) {
        return String.join("\n", rows("SELECT coalesce(t::text, '') FROM " + table + " t"));
    }
}
