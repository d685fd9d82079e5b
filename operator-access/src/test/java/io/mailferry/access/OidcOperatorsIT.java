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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@QuarkusTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@QuarkusTestResource(value = SigningIssuer.class, restrictToAnnotatedClass = true)
class OidcOperatorsIT {
    private static final String TENANT = "11111111-1111-4111-8111-111111111111";
    private static final String OTHER_TENANT = "22222222-2222-4222-8222-222222222222";
    private static final String THIRD_TENANT = "33333333-3333-4333-8333-333333333333";

    @TestHTTPResource("/sample")
    URI sample;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void providerIsThere() {
        SigningIssuer.back();
    }

    @Test
    @Order(1)
    void outlivesTheProvidersAbsenceAtTheStartAndLater() throws Exception {
        SigningIssuer.away();
        String token = SigningIssuer.token(tenants(TENANT));
        HttpResponse<String> refused = read(token);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.headers().firstValue("Content-Type").orElse("none")).startsWith("application/problem+json");
        assertThat(read("token-of-ben").statusCode()).isEqualTo(200);
        assertThat(call("GET", "/open", token).statusCode()).isEqualTo(200);

        SigningIssuer.back();
        assertThat(read(token).statusCode()).isEqualTo(200);

        SigningIssuer.away();
        assertThat(read(SigningIssuer.token(tenants(TENANT))).statusCode()).isEqualTo(200);
        ObjectNode unknownKey = SigningIssuer.header("RS256").put("kid", "key-0");
        String unknown = SigningIssuer.signed(unknownKey, SigningIssuer.claims(tenants(TENANT)), SigningIssuer.KEY);
        assertThat(read(unknown).statusCode()).isEqualTo(401);
    }

    @Test
    void refusesWhatTheProviderDidNotSayToUsNow() throws Exception {
        long now = Instant.now().getEpochSecond();
        Consumer<ObjectNode> good = tenants(TENANT);
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("expired", SigningIssuer.token(good.andThen(claims -> claims.put("exp", now - 1))));
        bad.put("without an end", SigningIssuer.token(good.andThen(claims -> claims.remove("exp"))));
        bad.put("not valid yet", SigningIssuer.token(good.andThen(claims -> claims.put("nbf", now + 600))));
        bad.put("for others", SigningIssuer.token(good.andThen(claims -> claims.put("aud", "another"))));
        bad.put("for nobody", SigningIssuer.token(good.andThen(claims -> claims.remove("aud"))));
        bad.put(
                "of another issuer",
                SigningIssuer.token(good.andThen(claims -> claims.put("iss", "http://127.0.0.1"))));
        bad.put("without a name", SigningIssuer.token(good.andThen(claims -> claims.remove("sub"))));
        ObjectNode claims = SigningIssuer.claims(good);
        bad.put("unsigned", SigningIssuer.unsigned(SigningIssuer.header("none"), claims) + '.');
        bad.put("unsigned, said to be signed", SigningIssuer.unsigned(SigningIssuer.header("RS256"), claims) + '.');
        bad.put("of another key", SigningIssuer.signed(SigningIssuer.header("RS256"), claims, SigningIssuer.newKey()));
        ObjectNode unknownKey = SigningIssuer.header("RS256").put("kid", "key-2");
        bad.put("of an unknown key", SigningIssuer.signed(unknownKey, claims, SigningIssuer.newKey()));
        bad.put("signed with the public key as a secret", withPublicKeyAsSecret(claims));
        String[] parts = SigningIssuer.token(good).split("\\.");
        ObjectNode raised = SigningIssuer.claims(good.andThen(roles("admin")));
        parts[1] = SigningIssuer.unsigned(raised, raised).split("\\.")[0];
        bad.put("changed", String.join(".", parts));
        bad.put("no token", "a.b.c");
        bad.put("opaque", "an-opaque-token");
        for (Map.Entry<String, String> one : bad.entrySet()) {
            assertThat(read(one.getValue()).statusCode()).as(one.getKey()).isEqualTo(401);
        }
    }

    @Test
    void doesNotAskTheProviderForKeysAtEachMadeUpToken() throws Exception {
        int asked = SigningIssuer.KEYS_ASKED.get();
        for (int i = 0; i < 20; i++) {
            ObjectNode unknownKey = SigningIssuer.header("RS256").put("kid", "made-up-" + i);
            String token = SigningIssuer.signed(unknownKey, SigningIssuer.claims(tenants(TENANT)), SigningIssuer.KEY);
            assertThat(read(token).statusCode()).isEqualTo(401);
        }
        assertThat(SigningIssuer.KEYS_ASKED.get() - asked).isLessThanOrEqualTo(1);
    }

    @Test
    void givesNoTenantToATokenThatNamesNone() throws Exception {
        assertThat(read(SigningIssuer.token(_ -> {})).statusCode()).isEqualTo(404);
        assertThat(read(SigningIssuer.token(tenants())).statusCode()).isEqualTo(404);
        assertThat(read(SigningIssuer.token(tenants("everything"))).statusCode())
                .isEqualTo(404);
        assertThat(read(SigningIssuer.token(tenants(OTHER_TENANT))).statusCode())
                .isEqualTo(404);
        assertThat(read(SigningIssuer.token(tenants("*"))).statusCode()).isEqualTo(200);
    }

    @Test
    void takesRolesFromTheConfiguredPlaceOnly() throws Exception {
        Consumer<ObjectNode> none = tenants(TENANT)
                .andThen(roles("something", "offline_access"))
                .andThen(claims -> claims.putObject("realm_access")
                        .putArray("roles")
                        .add("admin")
                        .add("viewer"));
        assertThat(read(SigningIssuer.token(none)).statusCode()).isEqualTo(403);
        String admin = SigningIssuer.token(tenants(TENANT).andThen(roles("offline_access", "admin")));
        assertThat(post("/tenants/" + TENANT + "/entries", admin).statusCode()).isEqualTo(204);
    }

    @Test
    void bindsARoleToATenant() throws Exception {
        String token =
                SigningIssuer.token(tenants(TENANT, OTHER_TENANT).andThen(roles("viewer", "operator@" + OTHER_TENANT)));
        assertThat(post("/tenants/" + OTHER_TENANT + "/entries", token).statusCode())
                .isEqualTo(204);
        assertThat(read(token).statusCode()).isEqualTo(200);
        assertThat(post("/tenants/" + TENANT + "/entries", token).statusCode()).isEqualTo(403);
        assertThat(post("/tenants/" + THIRD_TENANT + "/entries", token).statusCode())
                .isEqualTo(404);
        assertThat(call("GET", "/tenants?of=" + TENANT + "," + OTHER_TENANT + "," + THIRD_TENANT, token)
                        .body())
                .isEqualTo("[\"" + OTHER_TENANT + "\"]");
    }

    @Test
    void takesTokensOfTheFileBesideThem() throws Exception {
        assertThat(read("token-of-ben").statusCode()).isEqualTo(200);
    }

    @Test
    void leavesOpenEndpointsOpenWhateverTheHeaderHolds() throws Exception {
        for (String header : List.of("an-agents-credential", "a.b.c", SigningIssuer.token(c -> c.put("exp", 1)))) {
            assertThat(call("GET", "/open", header).statusCode()).as(header).isEqualTo(200);
        }
    }

    @Test
    void tellsAnybodyHowToSignIn() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(sample.resolve("/api/v1/sign-in")).build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .isEqualTo("{\"tokenFile\":true,\"oidc\":{\"url\":\"" + SigningIssuer.url()
                        + "\",\"client\":\"mailferry-cli\"}}");
    }

    private static Consumer<ObjectNode> tenants(String... ids) {
        return claims -> Arrays.stream(ids).forEach(claims.putArray("mailferry_tenants")::add);
    }

    private static Consumer<ObjectNode> roles(String... words) {
        return claims -> Arrays.stream(words)
                .forEach(claims.putObject("resource_access")
                        .putObject("mailferry")
                        .putArray("roles")::add);
    }

    private static String withPublicKeyAsSecret(ObjectNode claims) throws Exception {
        String unsigned = SigningIssuer.unsigned(SigningIssuer.header("HS256"), claims);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SigningIssuer.KEY.getPublic().getEncoded(), "HmacSHA256"));
        return unsigned + '.' + SigningIssuer.text(mac.doFinal(unsigned.getBytes(StandardCharsets.US_ASCII)));
    }

    private HttpResponse<String> read(String token) throws Exception {
        return call("GET", "/tenants/" + TENANT, token);
    }

    private HttpResponse<String> post(String path, String token) throws Exception {
        return call("POST", path, token);
    }

    private HttpResponse<String> call(String method, String path, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(sample + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + token)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
