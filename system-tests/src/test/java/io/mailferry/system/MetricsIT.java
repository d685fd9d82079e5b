package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.deploy.dashboard.DashboardQueries;
import io.mailferry.deploy.dashboard.PrometheusServer;
import io.mailferry.stack.ServiceKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dashboards and alerts against services that have done a little of everything: a plan for an agent's set, an export, a
 * verification, a record that nobody can read.
 */
@ExtendWith(SystemStack.class)
final class MetricsIT {
    private static final String MAILBOX = "metrics@system.example";
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final DashboardQueries queries = DashboardQueries.committed();

    @BeforeAll
    static void doALittleOfEverything(SystemStack.Running running) throws Exception {
        Operator operator = running.operator();
        MailboxId mailbox = operator.mailbox(MAILBOX);
        operator.export(mailbox);
        operator.verify(mailbox);
        reportAsAnAgent(running, operator);
        writeWhatNobodyCanRead(running);
        Await.until("the planner has a plan and the dead letter is counted", DEADLINE, () -> {
            String planner = scrape(running, ServiceKind.PLANNER);
            return planner.contains("mailferry_planner_plans{")
                    && planner.contains("mailferry_planner_commands{")
                    && planner.contains("mailferry_dead_letters_total{");
        });
    }

    @Test
    void hasEveryMetricThatDashboardsAndAlertsName(SystemStack.Running running) {
        List<String> scrapes = Arrays.stream(ServiceKind.values())
                .map(service -> scrape(running, service))
                .toList();

        assertThat(queries.namingUnknownMetrics(scrapes)).isEmpty();
    }

    @Test
    void answersEveryPanelsQueryWherePrometheusIsInstalled(SystemStack.Running running, @TempDir Path folder)
            throws Exception {
        Optional<Path> binary = PrometheusServer.binary("prometheus");
        assumeTrue(binary.isPresent(), "no prometheus on the PATH");
        Map<String, URI> scraped = Arrays.stream(ServiceKind.values())
                .collect(Collectors.toMap(ServiceKind::module, service -> metrics(running, service)));
        try (PrometheusServer prometheus = PrometheusServer.start(binary.get(), scraped, folder)) {
            prometheus.awaitScraped();

            assertThat(prometheus.withoutData(queries.ofPanels())).isEmpty();
        }
    }

    private static void reportAsAnAgent(SystemStack.Running running, Operator operator) {
        Rest inventory = running.rest(ServiceKind.INVENTORY);
        String token = inventory
                .post("/tenants/" + operator.tenant() + "/enrolment-tokens", Map.of("uses", 1, "expiresIn", "PT10M"))
                .path("token")
                .asText();
        String base = running.stack().service(ServiceKind.INVENTORY).url() + "/api/v1";
        String boot = UUID.randomUUID().toString();
        JsonNode enrolled = new Rest(base, Optional.empty())
                .post(
                        "/agents/enrol",
                        Map.of(
                                "token",
                                token,
                                "name",
                                "metrics",
                                "brand",
                                "CloudBacko Pro",
                                "version",
                                "4.1.0",
                                "bootId",
                                boot));
        new Rest(base, Optional.of(enrolled.path("credential").asText()))
                .post("/agents/" + enrolled.path("agentId").asText() + "/heartbeat", heartbeat(boot));
    }

    private static Map<String, Object> heartbeat(String boot) {
        Map<String, Object> set = Map.of(
                "ref",
                "set-1",
                "name",
                "Mail",
                "mode",
                "MAPI",
                "scheduleEnabled",
                true,
                "retentionEnabled",
                true,
                "quotaBytes",
                1_000_000,
                "usedBytes",
                1_000,
                "mailboxes",
                List.of());
        return Map.of(
                "sequence", 1,
                "bootId", boot,
                "sentAt", Instant.now().toString(),
                "statusHash", "metrics",
                "status",
                        Map.of(
                                "agent", Map.of("brand", "CloudBacko Pro", "version", "4.1.0"),
                                "server", Map.of("name", "METRICS-EX01", "build", "15.0.1473.3"),
                                "backupSets", List.of(set)),
                "running", List.of(),
                "results", List.of());
    }

    private static void writeWhatNobodyCanRead(SystemStack.Running running) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", running.stack().kafka().bootstrap());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] nonsense = "no event".getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(Topic.COMMAND_RESULT.topicName(), nonsense, nonsense))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static URI metrics(SystemStack.Running running, ServiceKind service) {
        return URI.create(running.stack().service(service).managementUrl() + "/q/metrics");
    }

    private static String scrape(SystemStack.Running running, ServiceKind service) {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                            HttpRequest.newBuilder(metrics(running, service))
                                    .timeout(DEADLINE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
