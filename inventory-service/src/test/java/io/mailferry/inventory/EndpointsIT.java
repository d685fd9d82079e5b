package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.access.EveryEndpoint;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every endpoint of the service, whichever there are, called by those who may and who may not. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class EndpointsIT {
    @TestHTTPResource("/")
    URI base;

    @Test
    void answersNobodyWhoMayNot() {
        Rest rest = new Rest(base);
        TestedTenant tenant = TestedTenant.create(rest);
        TestedAgent agent = tenant.enrol();
        ObjectNode status = TestedAgent.status("EX-ENDPOINTS", "15.0.1473.3");
        TestedAgent.addMailbox(TestedAgent.addSet(status, "s"), UUID.randomUUID(), "ada@endpoints.example", 1);
        agent.report(status);
        EveryEndpoint.Callers callers = new EveryEndpoint.Callers(
                RealParts.OF_ALL_ROLES, RealParts.OUTSIDER, RealParts.OF_NO_ROLE, RealParts.OF_ROLES);
        Map<String, String> existing = Map.of(
                "tenant", tenant.id().toString(),
                "agent", agent.id.toString(),
                "token", first(rest, tenant.path("/enrolment-tokens"), "id"),
                "server", tenant.inventoryEvents(4).getFirst().key(),
                "backupSet", first(rest, tenant.path("/backup-sets"), "backupSetId"),
                "mailbox", first(rest, tenant.path("/mailboxes"), "mailboxId"));
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            EveryEndpoint endpoints = new EveryEndpoint(base, http);

            assertThat(endpoints.openToAll())
                    .containsExactly(
                            "GET /api/v1/agents/openapi.yaml",
                            "POST /api/v1/agents/enrol",
                            "POST /api/v1/agents/{agent}/bare",
                            "POST /api/v1/agents/{agent}/certificate",
                            "POST /api/v1/agents/{agent}/credential",
                            "POST /api/v1/agents/{agent}/heartbeat");
            assertThat(endpoints.violations(callers, existing)).isEmpty();
        }
    }

    private static String first(Rest rest, String path, String field) {
        return rest.get(RealParts.ADMIN, path).body().path(0).path(field).asText();
    }

    @Test
    void describesEveryEndpointAndTheIdsInIt() {
        JsonNode described =
                new Rest(base).get(null, "/api/v1/openapi?format=json").body();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (String endpoint : new EveryEndpoint(base, http).all()) {
                String[] methodAndPath = endpoint.split(" ", 2);
                assertThat(described
                                .path("paths")
                                .path(methodAndPath[1])
                                .has(methodAndPath[0].toLowerCase(Locale.ROOT)))
                        .as(endpoint)
                        .isTrue();
            }
        }
        JsonNode server = described.at("/components/schemas/Server/properties");
        assertThat(server.at("/buildsDiffer/type").asText()).isEqualTo("boolean");
        assertThat(described.at("/components/schemas/ServerId").toString())
                .isEqualTo("{\"type\":\"string\",\"format\":\"uuid\"}");
    }
}
