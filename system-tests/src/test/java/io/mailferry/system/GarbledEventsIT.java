package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.stack.ServiceKind;
import io.mailferry.stack.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is no event goes to its topic's dead-letter topic, place and cause only, and every service goes on. */
@ExtendWith(SystemStack.class)
final class GarbledEventsIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final int MUTATIONS = 10;
    private static final int MUTATIONS_LONG = 5_000;

    /** Nobody reads restore events yet, so nobody can set aside what is none of them. */
    private static final List<Topic> READ = Arrays.stream(Topic.values())
            .filter(topic -> topic != Topic.RESTORE_EVENT)
            .toList();

    private final SystemStack.Running running;

    GarbledEventsIT(SystemStack.Running running) {
        this.running = running;
    }

    @Test
    void setsAsideWhatIsNoEventAndGoesOn() throws Exception {
        setAside(20, MUTATIONS);
    }

    @Test
    @Tag("long")
    void setsAsideManyMutationsAndGoesOn() throws Exception {
        for (long seed = 0; seed < 4; seed++) {
            setAside(seed, MUTATIONS_LONG / 4);
        }
    }

    private void setAside(long seed, int mutations) throws Exception {
        Garbage garbage = new Garbage(seed);
        List<ProducerRecord<byte[], byte[]>> bad = new ArrayList<>();
        for (Topic topic : READ) {
            bad.addAll(garbage.oneOfEachKind(topic));
            Stream.generate(() -> garbage.mutated(topic)).limit(mutations).forEach(bad::add);
        }
        assertThat(bad).as("garbage of seed " + seed).allMatch(Garbage::isGarbage);
        for (int number = 0; number < mutations; number++) {
            bad.add(new ProducerRecord<>(Topic.ITEMS, key(), garbage.bytes(5_000)));
        }
        Set<String> letters = new ConcurrentSkipListSet<>();
        List<Long> pids = pids();

        try (Tap tap = new Tap(running.stack().kafka(), deadLetterTopics(), letter -> letters.add(placeIn(letter)))) {
            Set<String> places = write(bad);
            Await.until("all are set aside, with seed " + seed, DEADLINE, () -> letters.containsAll(places));
        }

        assertThat(pids()).as("processes, none ended").isEqualTo(pids);
        assertThat(Arrays.stream(ServiceKind.values()).map(running.stack()::service))
                .allMatch(ServiceProcess::alive);
        everyServiceStillWorks();
    }

    /** One export and one verification go through all five. */
    private void everyServiceStillWorks() throws Exception {
        Operator operator = running.operator();
        MailboxId mailbox = operator.mailbox("after@system.example");
        operator.export(mailbox);
        Compare.sameAsTruth(operator.stored(mailbox).newest(), running.fleet().truth("after@system.example"));
        assertThat(operator.verify(mailbox).path("damaged").asLong()).isZero();
    }

    /** @return the places at which the records now lie */
    private Set<String> write(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", running.stack().kafka().bootstrap());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> each : records) {
                sent.add(producer.send(each));
            }
            Set<String> places = new TreeSet<>();
            for (Future<RecordMetadata> each : sent) {
                RecordMetadata at = each.get(30, TimeUnit.SECONDS);
                places.add(at.topic() + " " + at.partition() + " " + at.offset());
            }
            return places;
        }
    }

    /** Where the record lies that this letter tells of; by its headers, which must say the same as its body. */
    private static String placeIn(ConsumerRecord<byte[], byte[]> letter) {
        try {
            JsonNode body = Rest.MAPPER.readTree(letter.value());
            List<String> headers = Stream.of("reason", "topic", "partition", "offset")
                    .map(name -> text(letter.headers().lastHeader("mailferry-" + name)))
                    .toList();
            List<String> told = Stream.of("reason", "topic", "partition", "offset")
                    .map(name -> body.path(name).asText())
                    .toList();
            if (!headers.equals(told) || body.size() != told.size()) {
                return "a letter whose headers and body differ";
            }
            return String.join(" ", told.subList(1, told.size()));
        } catch (IOException e) {
            return "a letter that is no JSON";
        }
    }

    private static String text(Header header) {
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static List<String> deadLetterTopics() {
        return Tap.everyTopic().stream().filter(topic -> topic.endsWith(".dlq")).toList();
    }

    private List<Long> pids() {
        return Arrays.stream(ServiceKind.values())
                .map(service -> running.stack().service(service).pid())
                .toList();
    }

    private static byte[] key() {
        return UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
    }
}
