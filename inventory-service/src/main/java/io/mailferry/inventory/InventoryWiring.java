package io.mailferry.inventory;

import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.inventory.escrow.BucketSettings;
import io.mailferry.inventory.tenant.KeySettings;
import io.mailferry.messaging.cloudevents.EventCodec;
import io.mailferry.messaging.inbox.DeadLetters;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.inbox.InboxSettings;
import io.mailferry.messaging.inbox.Redelivery;
import io.mailferry.messaging.outbox.OutboxRelay;
import io.mailferry.messaging.outbox.OutboxSettings;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.security.SecureRandom;
import java.time.Clock;
import javax.sql.DataSource;

/** Makes the beans that come from other modules. */
@Singleton
final class InventoryWiring {
    private static final String SOURCE = "inventory-service";
    private static final String FLEET_ROLE = "inventory_fleet";

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    SecureRandom randomness() {
        return new SecureRandom();
    }

    @Produces
    @Singleton
    TenantTransactions transactions(DataSource dataSource) {
        return new TenantTransactions(dataSource, FLEET_ROLE);
    }

    @Produces
    @Singleton
    EventCodec codec(Clock clock) {
        return new EventCodec(SOURCE, clock);
    }

    @Produces
    @Singleton
    Inbound inbound(EventCodec codec, OutgoingEvents outgoing, MeterRegistry meters, InboxSettings settings) {
        return new Inbound(
                codec,
                new DeadLetters(outgoing.sender(), settings.deadLetterAcknowledgement(), meters),
                new Redelivery(Redelivery.Limits.of(settings)));
    }

    @Produces
    @Singleton
    @Startup
    OutboxRelay relay(
            TenantTransactions transactions,
            EventCodec codec,
            OutgoingEvents outgoing,
            MeterRegistry meters,
            OutboxSettings settings) {
        OutboxRelay relay =
                new OutboxRelay(transactions, codec, outgoing.sender(), OutboxRelay.Limits.of(settings), meters);
        relay.start();
        return relay;
    }

    /** Before the channels close, so that the batch in hand can still be acknowledged. */
    void drain(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent stopping, OutboxRelay relay)
            throws InterruptedException {
        relay.close();
    }

    @Produces
    @Singleton
    TenantKeys keys(KeySettings settings) {
        return TenantKeys.open(settings.directory(), settings.createMissing());
    }

    @Produces
    @Singleton
    ObjectStore store(BucketSettings settings) {
        return new ObjectStore(new StoreSettings(
                settings.endpoint(),
                settings.bucket(),
                settings.accessKey(),
                settings.secretKey(),
                settings.region(),
                settings.timeout(),
                settings.timeout(),
                settings.timeout(),
                8));
    }

    void close(@Disposes ObjectStore store) {
        store.close();
    }
}
