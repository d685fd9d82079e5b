package io.mailferry.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OperatorAccessIT {
    private static final String ADA = "token-of-ada";
    private static final String BEN = "token-of-ben";
    private static final String TENANT_OF_BEN = "11111111-1111-4111-8111-111111111111";
    private static final String FOREIGN_TENANT = "22222222-2222-4222-8222-222222222222";

    @TestHTTPResource("/sample")
    URI sample;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void refusesWhoBringsNoToken() throws Exception {
        HttpResponse<String> answer = call("GET", "/tenants/" + TENANT_OF_BEN, null, null);
        assertProblem(answer, 401, null);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }

    @Test
    void refusesAnUnknownToken() throws Exception {
        assertProblem(call("GET", "/tenants/" + TENANT_OF_BEN, "token-of-nobody", null), 401, null);
        assertProblem(call("GET", "/tenants/" + TENANT_OF_BEN, "x".repeat(4000), null), 401, null);
    }

    @Test
    void servesTheOwnTenantWithIdsAsText() throws Exception {
        HttpResponse<String> answer = call("GET", "/tenants/" + TENANT_OF_BEN, BEN, null);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"entries\":[{\"mailbox\":\"" + TENANT_OF_BEN + "\",\"count\":1}]}");
    }

    @Test
    void showsAForeignTenantAsOneThatDoesNotExist() throws Exception {
        assertProblem(call("GET", "/tenants/" + FOREIGN_TENANT, BEN, null), 404, null);
        assertThat(call("GET", "/tenants/" + FOREIGN_TENANT, ADA, null).statusCode())
                .isEqualTo(200);
    }

    @Test
    void answersNotFoundForATextThatIsNoId() throws Exception {
        assertProblem(call("GET", "/tenants/not-an-id", ADA, null), 404, null);
        assertProblem(call("GET", "/tenants/1-1-1-1-1", ADA, null), 404, null);
    }

    @Test
    void refusesARoleThatDoesNotSuffice() throws Exception {
        assertProblem(call("POST", "/entries", BEN, "{\"entries\":[]}"), 403, null);
        assertProblem(call("POST", "/tenants", BEN, "{}"), 403, null);
    }

    @Test
    void deniesAnEndpointThatSaysNothing() throws Exception {
        assertProblem(call("GET", "/forgotten", ADA, null), 403, null);
        assertProblem(call("GET", "/forgotten", null, null), 401, null);
    }

    @Test
    void leavesOpenEndpointsOpenWhateverTheHeaderHolds() throws Exception {
        assertThat(call("GET", "/open", "an-agents-credential", null).statusCode())
                .isEqualTo(200);
    }

    @Test
    void namesTheFieldOfABodyThatDoesNotFit() throws Exception {
        String wrongType = "{\"entries\":[{\"mailbox\":\"" + TENANT_OF_BEN + "\",\"count\":\"many\"}]}";
        assertProblem(call("POST", "/entries", ADA, wrongType), 400, "entries[0].count");
        assertProblem(
                call("POST", "/entries", ADA, "{\"entries\":[{\"mailbox\":\"someone\"}]}"), 400, "entries[0].mailbox");
        assertProblem(call("POST", "/entries", ADA, "{\"entries\":7}"), 400, "entries");
    }

    @Test
    void namesTheFieldThatAConstructorRefuses() throws Exception {
        String negative = "{\"entries\":[{\"mailbox\":\"" + TENANT_OF_BEN + "\",\"count\":-1}]}";
        HttpResponse<String> answer = call("POST", "/entries", ADA, negative);
        assertProblem(answer, 400, "entries[0].count");
        assertThat(answer.body()).contains("A count is not negative.");
    }

    @Test
    void saysWhenABodyIsNotJson() throws Exception {
        assertProblem(call("POST", "/entries", ADA, "{\"entries\":["), 400, null);
        assertProblem(call("POST", "/entries", ADA, "<xml/>"), 400, null);
    }

    @Test
    void keepsTheTextOfUnexpectedErrorsToItself() throws Exception {
        HttpResponse<String> answer = call("GET", "/broken", null, null);
        assertProblem(answer, 500, null);
        assertThat(answer.body()).doesNotContain("secret").contains("urn:uuid:");
    }

    @Test
    void asksToComeAgainWhileTheDatabaseIsAway() throws Exception {
        HttpResponse<String> answer = call("GET", "/away", null, null);
        assertProblem(answer, 503, null);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).doesNotContain("secret");
    }

    @Test
    void answersUnknownPathsAndMethodsWithProblems() throws Exception {
        assertProblem(call("GET", "/nowhere", ADA, null), 404, null);
        assertProblem(call("DELETE", "/open", ADA, null), 405, null);
    }

    private HttpResponse<String> call(String method, String path, @Nullable String token, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(sample + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void assertProblem(HttpResponse<String> answer, int status, @Nullable String field)
            throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("none")).startsWith("application/problem+json");
        JsonNode problem = new ObjectMapper().readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        assertThat(problem.path("field").asText(null)).isEqualTo(field);
    }
}
