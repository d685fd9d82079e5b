package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealParts.class)
class ObservabilityIT {
    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void measuresHeartbeatsAgentsAndCommands() throws Exception {
        TestedAgent agent = TestedTenant.create(new Rest(base)).enrol();
        agent.report(TestedAgent.status("EX-METRICS", "15.0.1395.4"));
        new Rest(base).post("nobody", agent.path(), agent.next("h"));

        String metrics = get("metrics");
        assertThat(metrics)
                .contains("mailferry_inventory_heartbeats_total{outcome=\"taken\"")
                .contains("mailferry_inventory_heartbeats_total{outcome=\"unauthorised\"")
                .contains("mailferry_inventory_commands{state=\"QUEUED\"")
                .contains("mailferry_outbox_pending")
                .contains("mailferry_outbox_published_total");
        Eventually.isTrue(
                "present agents are counted",
                () -> !get("metrics").contains("mailferry_inventory_agents{state=\"PRESENT\"} 0"));
        Eventually.isTrue(
                "servers are counted by what is known of their builds",
                () -> !get("metrics").contains("mailferry_inventory_servers{build=\"NOT_OBSERVED\"} 0"));
    }

    @Test
    void isReadyAndKeepsHealthAndMetricsOffTheAgentsPort() {
        assertThat(get("health/ready")).contains("\"status\": \"UP\"");
        assertThat(new Rest(base).get(RealParts.ADMIN, "/q/metrics").status()).isEqualTo(404);
    }

    private String get(String path) {
        try {
            return http.send(HttpRequest.newBuilder(management.resolve(path)).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
