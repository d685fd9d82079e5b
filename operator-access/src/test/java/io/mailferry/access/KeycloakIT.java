package io.mailferry.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As {@link OidcOperatorsIT}, against a real Keycloak set up as the operations page says. */
@Tag("long")
@QuarkusTest
@QuarkusTestResource(value = Keycloak.class, restrictToAnnotatedClass = true)
class KeycloakIT {
    private static final String TENANT = "11111111-1111-4111-8111-111111111111";
    private static final String OTHER_TENANT = "22222222-2222-4222-8222-222222222222";

    @TestHTTPResource("/sample")
    URI sample;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** One test, since a Keycloak takes its time to start. */
    @Test
    void letsKeycloaksUsersInAndNobodyElse() throws Exception {
        // Away at the start: nobody is refused for good, and nobody let in.
        String invented = SigningIssuer.signed(
                SigningIssuer.header("RS256"),
                SigningIssuer.claims(claims -> claims.put("iss", Keycloak.realm("mailferry"))),
                SigningIssuer.KEY);
        assertThat(status("GET", TENANT, invented)).isEqualTo(503);

        Keycloak.back();
        String viewer = Keycloak.token("mailferry", "mailferry-tests", "viewer");
        String operator = Keycloak.token("mailferry", "mailferry-tests", "operator");
        String shortLived = Keycloak.token("mailferry", "mailferry-short", "viewer");
        assertThat(status("GET", TENANT, viewer)).isEqualTo(200);
        assertThat(status("GET", OTHER_TENANT, viewer)).isEqualTo(404);
        assertThat(status("POST", TENANT, viewer)).isEqualTo(403);
        assertThat(status("POST", TENANT, operator)).isEqualTo(204);
        assertThat(status("GET", OTHER_TENANT, operator)).isEqualTo(200);
        assertThat(status("POST", OTHER_TENANT, operator))
                .as("bound to the other tenant as viewer")
                .isEqualTo(403);
        assertThat(status("GET", TENANT, Keycloak.token("mailferry", "mailferry-tests", "nowhere")))
                .as("a role, but no tenant")
                .isEqualTo(404);
        assertThat(status("GET", TENANT, Keycloak.token("mailferry", "mailferry-tests", "nobody")))
                .as("no role in Mailferry, so also not meant for it")
                .isEqualTo(401);

        assertThat(status("GET", TENANT, Keycloak.token("mailferry", "another-application", "viewer")))
                .as("meant for another application")
                .isEqualTo(401);
        assertThat(status("GET", TENANT, Keycloak.token("other", "mailferry-tests", "viewer")))
                .as("of another realm of the same Keycloak")
                .isEqualTo(401);
        assertThat(status("GET", TENANT, invented)).as("of an invented key").isEqualTo(401);
        assertThat(status("GET", TENANT, unsigned(viewer))).as("alg=none").isEqualTo(401);
        assertThat(status("GET", TENANT, changed(viewer))).as("changed").isEqualTo(401);
        awaitRefusal(shortLived);

        Keycloak.away();
        assertThat(status("GET", TENANT, viewer)).as("while Keycloak is away").isEqualTo(200);
        assertThat(status("GET", TENANT, unsigned(viewer))).isEqualTo(401);
    }

    /** Its client's tokens live for some seconds. */
    private void awaitRefusal(String token) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (status("GET", TENANT, token) != 401) {
            assertThat(System.nanoTime()).as("an expired token is refused").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static String unsigned(String token) throws Exception {
        ObjectNode header = SigningIssuer.header("none");
        return SigningIssuer.unsigned(header, claims(token)) + '.';
    }

    private static String changed(String token) throws Exception {
        String[] parts = token.split("\\.");
        ObjectNode claims = claims(token);
        claims.putArray("mailferry_tenants").add("*");
        return parts[0] + '.' + SigningIssuer.unsigned(claims, claims).split("\\.")[0] + '.' + parts[2];
    }

    private static ObjectNode claims(String token) throws Exception {
        return (ObjectNode) SigningIssuer.MAPPER.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }

    private int status(String method, String tenant, String token) throws Exception {
        String path = "/tenants/" + tenant + (method.equals("POST") ? "/entries" : "");
        HttpRequest request = HttpRequest.newBuilder(URI.create(sample + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + token)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
