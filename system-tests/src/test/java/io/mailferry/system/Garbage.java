package io.mailferry.system;

import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.cloudevents.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records that are no events of their topic, made of the golden events by a seed, so that a failure can be repeated. */
final class Garbage {
    /** Just below what the broker takes in one record. */
    private static final int OVERSIZE = 900_000;

    private static final EventCodec CODEC = new EventCodec("system-tests", Clock.systemUTC());

    private final Random random;

    Garbage(long seed) {
        this.random = new Random(seed);
    }

    /** One of each kind, for one topic. */
    List<ProducerRecord<byte[], byte[]>> oneOfEachKind(Topic topic) {
        Golden golden = anyOf(topic);
        byte[] nothing = new byte[0];
        byte[] brokenJson = Arrays.copyOf(golden.body(), golden.body().length / 2);
        return List.of(
                record(topic, golden.type().replace(".v1", ".v99"), golden.tenant(), golden.body()),
                record(topic, "mailferry.nobody.Knows.v1", golden.tenant(), golden.body()),
                record(topic, golden.type(), golden.tenant(), brokenJson),
                record(topic, golden.type(), golden.tenant(), nothing),
                record(
                        topic,
                        golden.type(),
                        golden.tenant(),
                        "[".repeat(OVERSIZE).getBytes(StandardCharsets.UTF_8)),
                record(topic, golden.type(), golden.tenant(), oversize()),
                record(topic, golden.type(), TenantId.random().toString(), golden.body()),
                record(topic, golden.type(), "no tenant", golden.body()),
                new ProducerRecord<>(topic.topicName(), oversize()),
                new ProducerRecord<>(topic.topicName(), key(), null));
    }

    /** A golden event with some bytes changed, cut out or put in so that it is none any more. */
    ProducerRecord<byte[], byte[]> mutated(Topic topic) {
        while (true) {
            Golden golden = anyOf(topic);
            byte[] body = golden.body().clone();
            byte[] type = golden.type().getBytes(StandardCharsets.UTF_8);
            byte[] tenant = golden.tenant().getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(1, 6); change > 0; change--) {
                switch (random.nextInt(6)) {
                    case 0 -> type[random.nextInt(type.length)] = (byte) random.nextInt();
                    case 1 -> tenant[random.nextInt(tenant.length)] = (byte) random.nextInt();
                    case 2 -> body = Arrays.copyOf(body, random.nextInt(body.length + 1));
                    case 3 -> body = doubled(body);
                    default -> {
                        if (body.length > 0) {
                            body[random.nextInt(body.length)] = (byte) random.nextInt();
                        }
                    }
                }
            }
            ProducerRecord<byte[], byte[]> made = record(
                    topic,
                    new String(type, StandardCharsets.ISO_8859_1),
                    new String(tenant, StandardCharsets.ISO_8859_1),
                    body);
            if (isGarbage(made)) {
                return made;
            }
        }
    }

    /** Whether a reader must set it aside; a change may leave an event that is only another one. */
    static boolean isGarbage(ProducerRecord<byte[], byte[]> made) {
        return CODEC.decode(new ConsumerRecord<>(
                        made.topic(),
                        0,
                        0,
                        0,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        made.key(),
                        made.value(),
                        made.headers(),
                        Optional.empty()))
                instanceof Decoded.Unreadable;
    }

    byte[] bytes(int lengthMax) {
        byte[] bytes = new byte[random.nextInt(lengthMax)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] doubled(byte[] body) {
        byte[] twice = Arrays.copyOf(body, body.length * 2);
        System.arraycopy(body, 0, twice, body.length, body.length);
        return twice;
    }

    private byte[] oversize() {
        byte[] bytes = new byte[OVERSIZE];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] key() {
        return UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
    }

    private ProducerRecord<byte[], byte[]> record(Topic topic, String type, String tenant, byte[] body) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_specversion", utf8("1.0"));
        headers.add("ce_id", utf8(EventId.random().toString()));
        headers.add("ce_source", utf8("system-tests"));
        headers.add("ce_type", utf8(type));
        headers.add("ce_time", utf8("2026-01-01T00:00:00Z"));
        headers.add("ce_mailferrytenant", utf8(tenant));
        headers.add("content-type", utf8("application/json"));
        return new ProducerRecord<>(topic.topicName(), null, key(), body, headers);
    }

    /** @param type the CloudEvents type */
    private record Golden(String type, String tenant, byte[] body) {}

    private Golden anyOf(Topic topic) {
        List<Golden> all = new ArrayList<>();
        Path folder = Path.of(System.getProperty("mailferry.root"), "messaging/src/test/resources/golden");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                String type = name.substring(0, name.indexOf(".v1") + 3);
                if (topic.types().containsKey(type)) {
                    byte[] body = Files.readAllBytes(file);
                    all.add(new Golden(
                            type, Rest.MAPPER.readTree(body).path("tenant").asText(), body));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.get(random.nextInt(all.size()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
