package io.mailferry.planner;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;

/** The database as seen past the service: with the service's own login, or as a superuser. */
final class Database implements AutoCloseable {
    private final Connection connection;

    private Database(String user, String password) throws SQLException {
        connection = DriverManager.getConnection(setting("MAILFERRY_DB_URL"), user, password);
    }

    static Database asService() throws SQLException {
        return new Database(setting("MAILFERRY_DB_USER"), setting("MAILFERRY_DB_PASSWORD"));
    }

    static Database asSuperuser() throws SQLException {
        return new Database(setting("test.superuser"), setting("test.superuser-password"));
    }

    /** The first column of each row. */
    List<String> query(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    int update(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
