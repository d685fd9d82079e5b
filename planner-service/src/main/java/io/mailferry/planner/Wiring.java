package io.mailferry.planner;

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
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.eclipse.microprofile.reactive.messaging.Channel;

/** Makes the parts of messaging that this service is built on, and lets the outbox run while the service does. */
@Singleton
final class Wiring {
    private static final Duration TICK = Duration.ofNanos(1_000);

    /** Ticks in microseconds, which is what PostgreSQL keeps: an instant read back equals the one written. */
    @Produces
    @Singleton
    Clock clock() {
        return Clock.tick(Clock.systemUTC(), TICK);
    }

    @Produces
    @Singleton
    TenantTransactions transactions(DataSource dataSource) {
        return new TenantTransactions(dataSource, "planner_fleet");
    }

    @Produces
    @Singleton
    EventCodec codec(Clock clock) {
        return new EventCodec("planner-service", clock);
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

    void on(@Observes ShutdownEvent stopping, OutboxRelay relay) {
        relay.close();
    }
}
