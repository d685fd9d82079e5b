package io.mailferry.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.EventId;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.cloudevents.EventCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** Who commands the service and hears its results, and an operator at its REST. */
final class Outside implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final EventCodec codec = new EventCodec("outside", Clock.systemUTC());
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Event> events = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> deadLetters = new ArrayList<>();

    Outside(URI base) {
        this.base = base;
        String bootstrap = ConfigProvider.getConfig().getValue("MAILFERRY_KAFKA", String.class);
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "group.id",
                        "outside-" + UUID.randomUUID(),
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(
                Topic.COMMAND_RESULT.topicName(),
                Topic.RESTORE_EVENT.topicName(),
                Topic.TRANSITION_COMMAND.deadLetterName()));
    }

    void tell(EventId id, Event event) {
        send(codec.encode(id, event));
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first event that fits, waited for. */
    <T extends Event> T event(Class<T> kind, Predicate<T> fits) {
        return await(kind.getSimpleName(), () -> {
            poll();
            return events.stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .filter(fits)
                    .findFirst()
                    .orElse(null);
        });
    }

    List<Event> eventsSoFar(Predicate<Event> fits) {
        poll();
        return events.stream().filter(fits).toList();
    }

    ConsumerRecord<byte[], byte[]> deadLetter(Predicate<ConsumerRecord<byte[], byte[]>> fits) {
        return await("dead letter", () -> {
            poll();
            return deadLetters.stream().filter(fits).findFirst().orElse(null);
        });
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
            if (record.topic().endsWith(".dlq")) {
                deadLetters.add(record);
            } else {
                Decoded decoded = codec.decode(record);
                assertThat(decoded).isInstanceOf(Decoded.Known.class);
                events.add(((Decoded.Known) decoded).event());
            }
        }
    }

    HttpResponse<String> get(String path, @Nullable String token) {
        return call("GET", path, token, null);
    }

    HttpResponse<String> post(String path, @Nullable String token, String body) {
        return call("POST", path, token, body);
    }

    JsonNode read(String path) {
        HttpResponse<String> answer = get(path, RestoreParts.TOKEN_OF_ALL);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return json(answer);
    }

    JsonNode readUntil(String path, Predicate<JsonNode> fits) {
        return await(path, () -> {
            JsonNode node = read(path);
            return fits.test(node) ? node : null;
        });
    }

    JsonNode json(HttpResponse<String> answer) {
        try {
            return json.readTree(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> call(String method, String path, @Nullable String token, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static <T> T await(String what, Supplier<@Nullable T> look) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            T found = look.get();
            if (found != null) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + " did not come within " + DEADLINE);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
        http.close();
    }
}
