package io.mailferry.messaging.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent;
import io.mailferry.contracts.transition.CommandResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every event keeps its JSON form: each sample is held against its golden file, which later versions must go on
 * reading. A new event's file is written by running this test once with {@code MAILFERRY_WRITE_GOLDEN=true} in the environment.
 */
final class EventCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final ObjectMapper TREE = new ObjectMapper();

    private final EventCodec codec = new EventCodec("test-service", Clock.fixed(NOW, ZoneOffset.UTC));

    static Stream<Event> samples() {
        return Samples.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readsBackWhatItWrites(Event event) {
        EventId id = EventId.random();

        Decoded decoded = codec.decode(received(codec.encode(id, event)));

        assertThat(decoded).isEqualTo(new Decoded.Known(id, NOW, event));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void keepsTheFormOfTheGoldenFile(Event event) throws IOException {
        byte[] written = codec.encode(EventId.random(), event).value();
        writeGoldenWhereAsked(event, written);

        JsonNode golden = golden(event);

        assertThat(TREE.readTree(written)).isEqualTo(golden);
    }

    @Test
    void hasASampleOfEveryEvent() {
        Set<Class<?>> sampled = Samples.all().map(Event::getClass).collect(Collectors.toSet());

        Set<Class<?>> declared = Arrays.stream(Topic.values())
                .flatMap(topic -> topic.types().values().stream())
                .collect(Collectors.toSet());

        assertThat(sampled).isEqualTo(declared);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void putsNoMoreThanIdsIntoKeyAndHeaders(Event event) {
        ProducerRecord<byte[], byte[]> written = codec.encode(EventId.random(), event);

        assertThat(new String(written.key(), StandardCharsets.UTF_8)).matches("[0-9a-f-]{36}");
        written.headers()
                .forEach(header -> assertThat(new String(header.value(), StandardCharsets.UTF_8))
                        .matches("[A-Za-z0-9.:/-]{1,80}"));
    }

    @Test
    void reportsAnUnknownType() {
        ProducerRecord<byte[], byte[]> written = anyRecord();
        written.headers()
                .remove("ce_type")
                .add("ce_type", "mailferry.command.Tomorrow.v1".getBytes(StandardCharsets.UTF_8));

        assertThat(codec.decode(received(written))).isEqualTo(new Decoded.Unreadable(Decoded.Reason.UNKNOWN_TYPE));
    }

    @Test
    void reportsARecordThatIsNoCloudEvent() {
        ProducerRecord<byte[], byte[]> written = anyRecord();
        written.headers().remove("ce_id");

        assertThat(codec.decode(received(written))).isEqualTo(new Decoded.Unreadable(Decoded.Reason.NOT_A_CLOUD_EVENT));
    }

    @Test
    void reportsABodyOfAnotherTenantThanTheHeader() {
        ProducerRecord<byte[], byte[]> written = anyRecord();
        written.headers()
                .remove("ce_mailferrytenant")
                .add("ce_mailferrytenant", TenantId.random().toString().getBytes(StandardCharsets.UTF_8));

        assertThat(codec.decode(received(written))).isEqualTo(new Decoded.Unreadable(Decoded.Reason.TENANT_MISMATCH));
    }

    @Test
    void reportsABodyThatLacksAField() {
        ProducerRecord<byte[], byte[]> written = anyRecord();
        ProducerRecord<byte[], byte[]> broken = new ProducerRecord<>(
                written.topic(), null, written.key(), "{}".getBytes(StandardCharsets.UTF_8), written.headers());

        assertThat(codec.decode(received(broken))).isEqualTo(new Decoded.Unreadable(Decoded.Reason.BODY_UNREADABLE));
    }

    @Test
    void readsABackupSetFromBeforePublicFoldersWereTold() throws IOException {
        InventoryEvent.BackupSetChanged told = Samples.all()
                .filter(InventoryEvent.BackupSetChanged.class::isInstance)
                .map(InventoryEvent.BackupSetChanged.class::cast)
                .findFirst()
                .orElseThrow();
        ProducerRecord<byte[], byte[]> written = codec.encode(EventId.random(), told);
        ObjectNode before = (ObjectNode) TREE.readTree(written.value());
        before.remove("publicFolders");

        Decoded decoded = codec.decode(received(new ProducerRecord<>(
                written.topic(), null, written.key(), TREE.writeValueAsBytes(before), written.headers())));

        assertThat(decoded)
                .isInstanceOfSatisfying(
                        Decoded.Known.class,
                        known -> assertThat(((InventoryEvent.BackupSetChanged) known.event()).publicFolders())
                                .isEmpty());
    }

    private ProducerRecord<byte[], byte[]> anyRecord() {
        Event event = Samples.all()
                .filter(CommandResult.CommandAccepted.class::isInstance)
                .findFirst()
                .orElseThrow();
        return codec.encode(EventId.random(), event);
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> written) {
        return new ConsumerRecord<>(
                written.topic(),
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                written.key(),
                written.value(),
                new RecordHeaders(written.headers()),
                java.util.Optional.empty());
    }

    private static JsonNode golden(Event event) throws IOException {
        try (InputStream file = EventCodecTest.class.getResourceAsStream("/golden/" + goldenName(event))) {
            assertThat(file).as("golden file of " + goldenName(event)).isNotNull();
            return TREE.readTree(file);
        }
    }

    private static void writeGoldenWhereAsked(Event event, byte[] written) throws IOException {
        if (Boolean.parseBoolean(System.getenv("MAILFERRY_WRITE_GOLDEN"))) {
            for (String folder : new String[] {"src/test/resources/golden/", "target/test-classes/golden/"}) {
                Path file = Path.of(folder + goldenName(event));
                Files.createDirectories(file.getParent());
                Files.writeString(file, TREE.readTree(written).toPrettyString() + "\n", StandardCharsets.UTF_8);
            }
        }
    }

    private static String goldenName(Event event) {
        return event instanceof CommandResult.CommandSucceeded succeeded
                ? Topic.typeOf(event) + "." + succeeded.outcome().getClass().getSimpleName() + ".json"
                : Topic.typeOf(event) + ".json";
    }
}
