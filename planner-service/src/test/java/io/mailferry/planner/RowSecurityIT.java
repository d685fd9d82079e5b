package io.mailferry.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Row-level security as the only guard: with the service's own login and no code of the service in between. */
@QuarkusTest
@QuarkusTestResource(PlannerParts.class)
class RowSecurityIT {
    private static final String TABLES = """
            SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE nspname = 'planner' AND relkind = 'r' AND relname <> 'flyway_schema_history'
            """;

    private final TenantId tenant = TenantId.random();
    private final ServerId server = ServerId.random();

    @Test
    void everyTableForcesIt() throws SQLException {
        try (Database database = Database.asSuperuser()) {
            assertThat(database.query(TABLES)).hasSizeGreaterThanOrEqualTo(12);
            assertThat(database.query(TABLES + " AND NOT (relrowsecurity AND relforcerowsecurity)"))
                    .isEmpty();
            assertThat(database.query(TABLES + """
                             AND NOT EXISTS (SELECT FROM information_schema.columns
                                WHERE table_schema = 'planner' AND table_name = relname
                                AND column_name = 'tenant' AND is_nullable = 'NO')
                            """))
                    .as("tables without a tenant")
                    .isEmpty();
        }
    }

    @Test
    void theServiceOwnsNothingAndCannotEvadeIt() throws SQLException {
        try (Database database = Database.asSuperuser()) {
            assertThat(database.query("SELECT relname FROM pg_class WHERE relowner = 'planner_app'::regrole"))
                    .isEmpty();
            assertThat(database.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'planner%'"
                            + " AND (rolsuper OR rolbypassrls OR rolcreaterole)"))
                    .isEmpty();
        }
    }

    @Test
    void aTenantSeesItsRowsAndNobodyElseDoes() throws SQLException {
        try (Database database = Database.asService()) {
            assertThatThrownBy(() -> insert(database, tenant))
                    .as("without a tenant nothing can be written")
                    .hasMessageContaining("row-level security");

            become(database, tenant);
            insert(database, tenant);
            assertThat(database.query("SELECT tenant FROM server")).containsOnly(tenant.toString());

            become(database, TenantId.random());
            assertThat(database.query("SELECT server FROM server")).isEmpty();
            assertThat(database.update("UPDATE server SET name = 'mine now' WHERE server = '" + server + "'"))
                    .isZero();
            assertThatThrownBy(() -> database.update("INSERT INTO membership (backup_set, mailbox, tenant) VALUES"
                            + " (gen_random_uuid(), gen_random_uuid(), '" + tenant + "')"))
                    .hasMessageContaining("row-level security");

            database.query("SELECT set_config('app.tenant', '', false)");
            for (String table : tables()) {
                assertThat(database.query("SELECT tenant FROM " + table))
                        .as(table)
                        .isEmpty();
            }
        }
    }

    private static List<String> tables() throws SQLException {
        try (Database database = Database.asSuperuser()) {
            return database.query(TABLES);
        }
    }

    private void insert(Database database, TenantId of) throws SQLException {
        database.update("INSERT INTO server (server, tenant, name) VALUES ('" + server + "', '" + of + "', 'EX1')");
    }

    private static void become(Database database, TenantId tenant) throws SQLException {
        database.query("SELECT set_config('app.tenant', '" + tenant + "', false)");
    }
}
