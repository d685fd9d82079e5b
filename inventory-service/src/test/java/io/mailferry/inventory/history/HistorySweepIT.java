package io.mailferry.inventory.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.RealParts;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealParts.class)
class HistorySweepIT {
    @Inject
    HistorySweep sweep;

    @Inject
    TenantTransactions transactions;

    @Test
    void forgetsWhatIsOlderThanChangesAreKeptAndNothingElse() {
        TenantId tenant = TenantId.random();
        ServerId server = ServerId.random();
        Instant now = Instant.now();
        transactions.useTenant(tenant, transaction -> {
            transaction
                    .handle()
                    .execute(
                            "INSERT INTO tenant (tenant, name, created_at) VALUES (?, ?, ?)",
                            tenant,
                            "Tenant " + tenant,
                            now);
            transaction
                    .handle()
                    .execute(
                            "INSERT INTO exchange_server (server, tenant, name, discovered_at) VALUES (?, ?, 'EX-OLD', ?)",
                            server,
                            tenant,
                            now);
            for (int days : new int[] {401, 399, 0}) {
                transaction.handle().execute("""
                                INSERT INTO inventory_change (tenant, server, at, what, said_by)
                                VALUES (?, ?, ?, 'ServerDiscovered', 'EXCHANGE')""", tenant, server, now.minus(Duration.ofDays(days)));
            }
        });

        assertThat(sweep.forget()).isPositive();

        assertThat(transactions.<Integer>inTenant(
                        tenant,
                        transaction -> transaction
                                .handle()
                                .select("SELECT count(*) FROM inventory_change WHERE server = ?", server)
                                .mapTo(Integer.class)
                                .one()))
                .isEqualTo(2);
        assertThat(sweep.forget()).isZero();
    }
}
