package io.mailferry.exporter.job;

import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.stack.PostgresServer;
import java.nio.file.Path;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** The service's tables on a real PostgreSQL with the roles of production. */
record TestingDatabase(PostgresServer postgres) implements AutoCloseable {
    static TestingDatabase start(Path directory) {
        PostgresServer postgres = PostgresServer.start(directory);
        PostgresServer.Login owner = postgres.owner("exporter");
        Flyway.configure()
                .dataSource(postgres.jdbcUrl(), owner.user(), owner.password())
                .defaultSchema("exporter")
                .placeholders(Map.of("app", "exporter_app", "fleet", "exporter_fleet"))
                .load()
                .migrate();
        return new TestingDatabase(postgres);
    }

    TenantTransactions transactions() {
        return transactions(new PGSimpleDataSource());
    }

    /** @param source not yet told of which database */
    TenantTransactions transactions(PGSimpleDataSource source) {
        source.setUrl(postgres.jdbcUrl());
        source.setUser(postgres.app("exporter").user());
        source.setPassword(postgres.app("exporter").password());
        return new TenantTransactions(source, "exporter_fleet");
    }

    @Override
    public void close() {
        postgres.close();
    }
}
