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
import java.util.stream.Stream;
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

    @Test
    void handsTheEventsOfOneTenantToTheEffectTogetherInTheirOrderAndWithinTheLimit() throws InterruptedException {
        TenantId one = TenantId.random();
        TenantId other = TenantId.random();
        List<CommandResult> events =
                Stream.of(one, other, one, one).map(InboundTest::of).toList();
        List<List<Object>> taken = new ArrayList<>();

        inbound.receiveAll(
                records(events),
                2,
                known -> taken.add(
                        List.copyOf(known.stream().map(Decoded.Known::event).toList())));

        assertThat(taken)
                .containsExactly(List.of(events.get(0), events.get(2)), List.of(events.get(3)), List.of(events.get(1)));
    }

    @Test
    void setsOnlyTheBadOneOfManyAside() throws InterruptedException {
        TenantId tenant = TenantId.random();
        List<CommandResult> events =
                Stream.of(tenant, tenant, tenant).map(InboundTest::of).toList();
        List<Object> taken = new ArrayList<>();

        inbound.receiveAll(records(events), 10, known -> {
            if (known.stream().anyMatch(each -> each.event().equals(events.get(1)))) {
                throw new IllegalStateException("a defect");
            }
            known.forEach(each -> taken.add(each.event()));
        });

        assertThat(taken).containsExactly(events.get(0), events.get(2));
        assertThat(broker.history()).hasSize(1);
    }

    private static CommandResult of(TenantId tenant) {
        return new CommandResult.CommandAccepted(tenant, ServerId.random(), CommandId.random());
    }

    private List<ConsumerRecord<byte[], byte[]>> records(List<CommandResult> events) {
        return events.stream()
                .map(event -> received(codec.encode(EventId.random(), event)))
                .toList();
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
