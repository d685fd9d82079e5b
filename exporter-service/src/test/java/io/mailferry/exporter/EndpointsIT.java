package io.mailferry.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.access.EveryEndpoint;
import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.exchange.Trust;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.transition.TransitionCommand.ExportMailbox;
import io.mailferry.messaging.cloudevents.EventCodec;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every endpoint of the service, whichever there are, called by those who may and who may not, and what it answers. */
@QuarkusTest
@QuarkusTestResource(ExporterParts.class)
@Timeout(120)
class EndpointsIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String JOBS = "/api/v1/tenants/" + ExporterParts.TENANT + "/jobs";

    @TestHTTPResource("/")
    URI base;

    private final Clock clock = Clock.systemUTC();
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void answersNobodyWhoMayNot() {
        EveryEndpoint.Callers callers = new EveryEndpoint.Callers(
                ExporterParts.TOKEN_OF_OWN,
                ExporterParts.TOKEN_OF_FOREIGN,
                ExporterParts.TOKEN_OF_NO_ROLE,
                ExporterParts.TOKENS_OF_ROLES);
        EveryEndpoint endpoints = new EveryEndpoint(base, http);

        assertThat(endpoints.openToAll()).isEmpty();
        assertThat(endpoints.violations(callers, Map.of("tenant", ExporterParts.TENANT.toString())))
                .isEmpty();
    }

    @Test
    void showsATenantsViewerWhatHoldsAJobAndNobodyElse() throws Exception {
        Instant before = clock.instant();
        ExportMailbox unreachable = command(ExporterParts.ACCOUNT);
        ExportMailbox lacking = command("absent");
        send(unreachable);
        send(lacking);

        JsonNode held = jobUntil(unreachable.mailbox(), "waiting");
        JsonNode failed = jobUntil(lacking.mailbox(), "failed");

        assertThat(held.path("cause").asText()).isEqualTo("ConnectionRefused");
        assertThat(held.path("category").asText()).isEqualTo("TRANSIENT");
        assertThat(held.path("turns").asInt()).isEqualTo(1);
        assertThat(Instant.parse(held.path("nextTryAt").asText())).isAfter(before.plus(Duration.ofMinutes(9)));
        assertThat(held.path("commandId").asText())
                .isEqualTo(unreachable.command().toString());
        assertThat(held.path("mailboxId").asText())
                .isEqualTo(unreachable.mailbox().toString());
        assertThat(held.has("finishedAt")).isFalse();
        assertThat(failed.path("cause").asText()).isEqualTo("CredentialsMissing");
        assertThat(failed.path("category").asText()).isEqualTo("PERMANENT");
        assertThat(failed.has("nextTryAt")).isFalse();
        assertThat(failed.has("finishedAt")).isTrue();
        assertThat(json.readTree(get(JOBS, ExporterParts.TOKEN_OF_OWN_VIEWER).body()))
                .as("the newest first")
                .extracting(job -> job.path("mailboxId").asText())
                .containsSubsequence(
                        lacking.mailbox().toString(), unreachable.mailbox().toString());
        HttpResponse<String> foreign = get(JOBS, ExporterParts.TOKEN_OF_FOREIGN_VIEWER);
        assertThat(foreign.statusCode()).isEqualTo(404);
        assertThat(foreign.body()).doesNotContain(unreachable.mailbox().toString());
    }

    /** The mailbox's one job, as soon as it is in this state with something to say of it. */
    private JsonNode jobUntil(MailboxId mailbox, String state) throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            HttpResponse<String> answer = get(JOBS + "?mailbox=" + mailbox, ExporterParts.TOKEN_OF_OWN_VIEWER);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode jobs = json.readTree(answer.body());
            assertThat(jobs.size()).isLessThan(2);
            JsonNode job = jobs.path(0);
            if (job.path("state").asText().equals(state) && job.has("cause")) {
                return job;
            }
            assertThat(System.nanoTime()).as(state + ": " + answer.body()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void send(ExportMailbox command) throws Exception {
        String bootstrap = ConfigProvider.getConfig().getValue("MAILFERRY_KAFKA", String.class);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new EventCodec("outside", clock).encode(EventId.random(), command))
                    .get();
        }
    }

    /** An export from a server where nobody listens. */
    private ExportMailbox command(String account) {
        String address = ConfigProvider.getConfig().getValue("test.address", String.class);
        return new ExportMailbox(
                CommandId.random(),
                ExporterParts.TENANT,
                ServerId.random(),
                MailboxId.random(),
                Optional.empty(),
                new SealedAddress(address),
                new EwsEndpoint(
                        "http://127.0.0.1:1/EWS/Exchange.asmx", new Trust.SystemAuthorities(), account, false, true),
                clock.instant().plus(Duration.ofHours(1)));
    }
}
