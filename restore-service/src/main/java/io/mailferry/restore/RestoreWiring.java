package io.mailferry.restore;

import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.restorepoint.ReadLimits;
import io.mailferry.archive.restorepoint.RestorePointVerifier;
import io.mailferry.archive.restorepoint.Scratch;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.messaging.cloudevents.EventCodec;
import io.mailferry.messaging.inbox.DeadLetters;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.inbox.InboxSettings;
import io.mailferry.messaging.inbox.Redelivery;
import io.mailferry.messaging.outbox.EventSender;
import io.mailferry.messaging.outbox.OutboxRelay;
import io.mailferry.messaging.outbox.OutboxSettings;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import javax.sql.DataSource;
import org.eclipse.microprofile.reactive.messaging.Channel;

/** Makes the beans that come from other modules, and lets the outbox run while the service does. */
@Singleton
final class RestoreWiring {
    private static final int AFTER_THE_WORKERS = 100;

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    TenantTransactions transactions(DataSource dataSource) {
        return new TenantTransactions(dataSource, "restore_fleet");
    }

    @Produces
    @Singleton
    EventCodec codec(Clock clock) {
        return new EventCodec("restore-service", clock);
    }

    @Produces
    @Singleton
    EventSender sender(@Channel("events-out") MutinyEmitter<byte[]> emitter) {
        return new EventSender(emitter);
    }

    @Produces
    @Singleton
    Inbound inbound(EventCodec codec, EventSender sender, MeterRegistry meters, InboxSettings settings) {
        return new Inbound(
                codec,
                new DeadLetters(sender, settings.deadLetterAcknowledgement(), meters),
                new Redelivery(Redelivery.Limits.of(settings)));
    }

    @Produces
    @Singleton
    OutboxRelay relay(
            TenantTransactions transactions,
            EventCodec codec,
            EventSender sender,
            MeterRegistry meters,
            OutboxSettings settings) {
        return new OutboxRelay(transactions, codec, sender, OutboxRelay.Limits.of(settings), meters);
    }

    void on(@Observes StartupEvent started, OutboxRelay relay) {
        relay.start();
    }

    void on(@Observes @Priority(AFTER_THE_WORKERS) ShutdownEvent stopping, OutboxRelay relay) {
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
                settings.connectTimeout(),
                settings.idleTimeout(),
                settings.callTimeout(),
                settings.connectionsMax()));
    }

    void close(@Disposes ObjectStore store) {
        store.close();
    }

    @Produces
    @Singleton
    ReadLimits limits(ReadSettings settings) throws IOException {
        Scratch.clear(settings.scratchDirectory());
        return new ReadLimits(
                settings.scratchDirectory(),
                settings.scratchMax().asLongValue(),
                settings.openMax(),
                settings.sortMax().asLongValue(),
                settings.stretchMax().asLongValue(),
                settings.gapMax().asLongValue(),
                settings.triesMax(),
                settings.pause());
    }

    @Produces
    @Singleton
    RestorePointVerifier verifier(ObjectStore store, TenantKeys keys, ReadLimits limits, ReadSettings settings) {
        return new RestorePointVerifier(store, keys, limits, settings.namedDamagesMax());
    }
}
