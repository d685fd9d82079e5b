package io.mailferry.stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server as a child process, with the database {@code mailferry} and the schemas and roles of {@code
 * deploy/postgres/bootstrap.sql}. It listens on loopback only, asks everybody for a password, and keeps its data in its
 * folder. PostgreSQL refuses to run as root; how it is run there says {@link RootEscape}.
 */
public final class PostgresServer implements AutoCloseable {
    /** What a client logs in with. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }

    /** The services that have a schema of this name; their roles are named after it. */
    public static final List<String> SCHEMAS = List.of("inventory", "planner", "exporter", "restore");

    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    private static final Duration STOP_GRACE = Duration.ofSeconds(20);
    private static final int START_ATTEMPTS = 3;
    private static final String DATABASE = "mailferry";
    private static final String SUPERUSER = "postgres";

    private final Path folder;
    private final RootEscape escape;
    private final Path binaries;
    private final Secrets secrets;
    private int port;
    private ChildProcess process;

    private PostgresServer(Path folder, int wantedPort, RootEscape escape) {
        this.folder = folder.toAbsolutePath();
        this.escape = escape;
        this.binaries = PostgresBinaries.unpacked();
        this.secrets = Secrets.in(this.folder.resolve("secrets.properties"));
        this.port = LoopbackPort.freeOr(wantedPort);
        initialise();
        this.process = launchOnFreePort();
        try {
            bootstrap();
        } catch (SQLException | IOException e) {
            process.close();
            throw new StackFailure("PostgreSQL's roles and schemas could not be made: " + e.getMessage(), e);
        }
    }

    /** Starts a server that keeps its data in the folder, on a free port. */
    public static PostgresServer start(Path folder) {
        return start(folder, 0);
    }

    /** Starts a server on the wanted port, or on another one when that is taken. */
    public static PostgresServer start(Path folder, int wantedPort) {
        return start(folder, wantedPort, RootEscape.current());
    }

    /** @param escape how the server's programs are kept from running as root */
    static PostgresServer start(Path folder, int wantedPort, RootEscape escape) {
        return new PostgresServer(folder, wantedPort, escape);
    }

    /** The JDBC address of the database {@code mailferry}, the same after a restart. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.alive();
    }

    /** The folder with the database's files: what a test may search for content that must not be there. */
    public Path data() {
        return folder.resolve("data");
    }

    /** Who is above row-level security: for tests that look at everything. */
    public Login superuser() {
        return login(SUPERUSER);
    }

    /** The role that owns a service's schema and runs its migrations. */
    public Login owner(String schema) {
        return login(schema + "_owner");
    }

    /** The role that a service works as; it owns nothing. */
    public Login app(String schema) {
        return login(schema + "_app");
    }

    /** The variables by which a service finds its schema and its two logins. */
    public Map<String, String> environment(String schema) {
        if (!SCHEMAS.contains(schema)) {
            throw new IllegalArgumentException("no service has a schema named " + schema);
        }
        return Map.of(
                "MAILFERRY_DB_URL", jdbcUrl(),
                "MAILFERRY_DB_USER", app(schema).user(),
                "MAILFERRY_DB_PASSWORD", app(schema).password(),
                "MAILFERRY_DB_OWNER", owner(schema).user(),
                "MAILFERRY_DB_OWNER_PASSWORD", owner(schema).password());
    }

    /** Stops the server, ending its clients' connections, and starts it again on the same port with the same data. */
    public void restart() {
        close();
        startAgain();
    }

    /** Ends the server at once, as a crash would; {@link #startAgain()} brings it back. */
    public void kill() {
        // Its children notice that it is gone and end too; the next start waits for them.
        process.kill();
    }

    /** Starts the server that was closed or killed, on the same port with the same data. */
    public void startAgain() {
        process = launch();
    }

    @Override
    public void close() {
        process.close();
    }

    private Login login(String role) {
        return new Login(role, secrets.named(role));
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://" + LoopbackPort.HOST + ":" + port + "/" + database;
    }

    private ChildProcess launchOnFreePort() {
        for (int attempt = 1; ; attempt++) {
            try {
                return launch();
            } catch (StackFailure e) {
                String message = String.valueOf(e.getMessage());
                if (attempt == START_ATTEMPTS || !message.contains("Address already in use")) {
                    throw e;
                }
                port = LoopbackPort.free();
            }
        }
    }

    private ChildProcess launch() {
        giveData();
        List<String> line = new ArrayList<>(escape.prefix());
        line.add(binaries.resolve("bin/postgres").toString());
        line.add("-D");
        line.add(data().toString());
        for (String setting : List.of(
                "port=" + port,
                "listen_addresses=" + LoopbackPort.HOST,
                "unix_socket_directories=",
                "max_connections=100",
                "shared_buffers=32MB",
                "password_encryption=scram-sha-256",
                "log_min_messages=warning",
                // A failing statement's text and values may hold what must not be in a log.
                "log_min_error_statement=panic",
                "log_error_verbosity=terse")) {
            line.add("-c");
            line.add(setting);
        }
        ChildProcess started = ChildProcess.start(
                "PostgreSQL", line, Map.of("LC_ALL", "C"), log(), ChildProcess.StopSignal.INT, STOP_GRACE);
        started.awaitReady(START_DEADLINE, this::answers);
        return started;
    }

    private boolean answers() {
        if (!LoopbackPort.answers(port)) {
            return false;
        }
        try (Connection connection = connect(SUPERUSER)) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    private Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", superuser().user());
        properties.setProperty("password", superuser().password());
        properties.setProperty("loginTimeout", "5");
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    private void bootstrap() throws SQLException, IOException {
        try (Connection connection = connect(SUPERUSER);
                Statement statement = connection.createStatement()) {
            boolean there;
            try (ResultSet found =
                    statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                there = found.next();
            }
            if (!there) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        }
        String script = bootstrapScript();
        for (String schema : SCHEMAS) {
            for (Login login : List.of(owner(schema), app(schema))) {
                script = script.replace("${" + login.user() + "_password}", login.password());
            }
        }
        try (Connection connection = connect(DATABASE);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(script);
            connection.commit();
        }
    }

    private static String bootstrapScript() throws IOException {
        try (@Nullable InputStream in = PostgresServer.class.getResourceAsStream("bootstrap.sql")) {
            if (in == null) {
                throw new IOException("bootstrap.sql is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void initialise() {
        if (Files.exists(data().resolve("PG_VERSION"))) {
            return;
        }
        Path passwordFile = folder.resolve("initial-password");
        try {
            Files.createDirectories(data());
            escape.give(folder);
            Secrets.writePrivately(passwordFile, superuser().password());
            escape.give(passwordFile);
            List<String> line = new ArrayList<>(escape.prefix());
            line.addAll(List.of(
                    binaries.resolve("bin/initdb").toString(),
                    "-D",
                    data().toString(),
                    "-U",
                    SUPERUSER,
                    "--auth=scram-sha-256",
                    "--pwfile=" + passwordFile,
                    "--encoding=UTF8",
                    "--no-locale",
                    "--no-sync"));
            ChildProcess.run(
                    "The making of PostgreSQL's data folder", line, Map.of("LC_ALL", "C"), log(), START_DEADLINE);
            Files.delete(passwordFile);
        } catch (IOException e) {
            throw new StackFailure("PostgreSQL's data folder could not be made in " + folder, e);
        }
    }

    /** The data may be from a start that escaped root in another way; PostgreSQL wants to own what it opens. */
    private void giveData() {
        try {
            escape.give(data());
        } catch (IOException e) {
            throw new StackFailure("PostgreSQL's data folder " + data() + " cannot be given to it.", e);
        }
    }

    private Path log() {
        return folder.resolve("postgres.log");
    }
}
