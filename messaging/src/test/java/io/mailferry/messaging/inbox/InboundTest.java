package io.mailferry.messaging.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.cloudevents.EventCodec;
import io.mailferry.messaging.outbox.EventSender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

final class InboundTest {
    private static final CommandResult EVENT =
            new CommandResult.CommandAccepted(TenantId.random(), ServerId.random(), CommandId.random());
    private static final Redelivery.Limits QUICK =
            new Redelivery.Limits(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(200), 3);

    private final MockProducer<byte[], byte[]> broker =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final EventCodec codec = new EventCodec("test-service", Clock.systemUTC());
    private final Inbound inbound = new Inbound(
            codec,
            new DeadLetters(new EventSender(broker), Duration.ofSeconds(5), new SimpleMeterRegistry()),
            new Redelivery(QUICK));

    @Test
    void handsAKnownEventToTheEffect() throws InterruptedException {
        List<Decoded.Known> taken = new ArrayList<>();

        inbound.receive(received(codec.encode(EventId.random(), EVENT)), taken::add);

        assertThat(taken).extracting(Decoded.Known::event).containsExactly(EVENT);
        assertThat(broker.history()).isEmpty();
    }

    @Test
    void triesTheEffectAgainWhileItFails() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();

        inbound.receive(received(codec.encode(EventId.random(), EVENT)), known -> {
            if (tries.incrementAndGet() < 4) {
                throw away();
            }
        });

        assertThat(tries).hasValue(4);
    }

    @Test
    void givesUpAtTheDeadlineWithoutTakingTheRecord() {
        ConsumerRecord<byte[], byte[]> record = received(codec.encode(EventId.random(), EVENT));

        assertThatThrownBy(() -> inbound.receive(record, known -> {
                    throw away();
                }))
                .hasRootCauseInstanceOf(SQLException.class);

        assertThat(broker.history()).isEmpty();
    }

    @Test
    void setsAnUnknownTypeAsideByPlaceAndCauseOnly() throws InterruptedException {
        ProducerRecord<byte[], byte[]> unknown = codec.encode(EventId.random(), EVENT);
        unknown.headers()
                .remove("ce_type")
                .add("ce_type", "mailferry.command.Tomorrow.v1".getBytes(StandardCharsets.UTF_8));

        inbound.receive(received(unknown), known -> {
            throw new AssertionError("not to be called");
        });

        assertThat(broker.history()).hasSize(1);
        ProducerRecord<byte[], byte[]> letter = broker.history().getFirst();
        assertThat(letter.topic()).isEqualTo("mailferry.command.result.v1.dlq");
        assertThat(new String(letter.value(), StandardCharsets.UTF_8))
                .isEqualTo("{\"reason\":\"UNKNOWN_TYPE\",\"topic\":\"mailferry.command.result.v1\","
                        + "\"partition\":3,\"offset\":42}");
    }

    @Test
    void setsAnImpossibleEventAside() throws InterruptedException {
        inbound.receive(received(codec.encode(EventId.random(), EVENT)), known -> {
            throw new Inbound.ImpossibleEvent("no such command");
        });

        assertThat(broker.history()).hasSize(1);
    }

    @Test
    void setsAnEventAsideThatBreaksItsEffect() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();

        inbound.receive(received(codec.encode(EventId.random(), EVENT)), known -> {
            tries.incrementAndGet();
            throw new IllegalStateException("a defect");
        });

        assertThat(tries).hasValue(3);
        assertThat(broker.history()).hasSize(1);
    }

    private static RuntimeException away() {
        return new IllegalStateException(new SQLException("connection refused", "08001"));
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> written) {
        return new ConsumerRecord<>(
                written.topic(),
                3,
                42,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                written.key(),
                written.value(),
                written.headers(),
                java.util.Optional.empty());
    }
}
