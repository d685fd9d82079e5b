package io.mailferry.exporter;

import io.mailferry.archive.keys.TenantKeys;
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
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.eclipse.microprofile.reactive.messaging.Channel;

/** What the service's packages are given. */
@ApplicationScoped
class Wiring {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    RandomGenerator random() {
        return new SecureRandom();
    }

    @Produces
    @Singleton
    EventCodec codec(Clock clock) {
        return new EventCodec("exporter-service", clock);
    }

    @Produces
    @Singleton
    TenantTransactions transactions(DataSource dataSource) {
        return new TenantTransactions(dataSource, "exporter_fleet");
    }

    @Produces
    @Singleton
    EventSender sender(@Channel("events") MutinyEmitter<byte[]> emitter) {
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

    @Produces
    @Singleton
    ObjectStore store(StoreConfiguration store) {
        return new ObjectStore(new StoreSettings(
                store.endpoint(),
                store.bucket(),
                store.accessKey(),
                store.secretKey(),
                store.region(),
                store.connectTimeout(),
                store.idleTimeout(),
                store.callTimeout(),
                store.connectionsMax()));
    }

    void closeStore(@Disposes ObjectStore store) {
        store.close();
    }

    @Produces
    @Singleton
    TenantKeys keys(KeysConfiguration keys) {
        return TenantKeys.open(keys.directory(), keys.createMissing());
    }

    void start(@Observes StartupEvent started, OutboxRelay relay) {
        relay.start();
    }

    /** After the workers: what they told while they stopped still leaves. */
    void stop(@Observes @Priority(3000) ShutdownEvent stopped, OutboxRelay relay) {
        relay.close();
    }
}
