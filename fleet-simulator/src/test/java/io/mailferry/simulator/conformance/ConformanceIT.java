package io.mailferry.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.simulator.http.HttpAnswer;
import io.mailferry.simulator.http.HttpListener;
import io.mailferry.simulator.http.HttpRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrong agent is found wrong, rule by rule. The right one meets the real gateway in inventory-service's tests. */
class ConformanceIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private HttpListener gateway;
    private Path token;

    @BeforeEach
    void start() throws IOException {
        gateway = HttpListener.start(0, null, ConformanceIT::serve);
        token = Files.writeString(folder.resolve("token"), "token-1\n", StandardCharsets.UTF_8);
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    @Test
    void namesEachRuleThatAWrongAgentBreaks() throws Exception {
        Path classes = Path.of(WrongAgent.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Verdicts verdicts = Conformance.of(new Conformance.Settings(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes.toString(),
                        WrongAgent.class.getName(),
                        "{url}",
                        "{token-file}"),
                "http://127.0.0.1:" + gateway.port(),
                token,
                folder.resolve("wrong"),
                Duration.ofMillis(700),
                Duration.ofMillis(300)));

        assertThat(verdicts.failed())
                .as(String.join("\n", verdicts.lines()))
                .containsExactly(
                        "says an unchanged status by its hash alone",
                        "keeps the interval that it is told",
                        "rejects a command of a type that it does not know",
                        "tells a result until it is taken",
                        "rejects a command that is expired",
                        "tells how a command ended",
                        "carries a command out once, however often it is delivered",
                        "stops a command that is cancelled, or tells that it is done",
                        "waits as long as Retry-After says after 503",
                        "waits as long as Retry-After says after 429",
                        "keeps its identity over a restart",
                        "begins a new boot when it starts",
                        "keeps its results over a restart",
                        "stops at 401, and says so",
                        "raises the sequence with every request of a boot",
                        "gives equal statuses equal hashes and others others",
                        "stops when it is to be enrolled anew, and says so");
        assertThat(verdicts.rules()).hasSizeGreaterThan(verdicts.failed().size());
    }

    /** A gateway that takes everything. */
    private static void serve(HttpRequest request, HttpAnswer answer) throws IOException {
        JsonNode body = JSON.readTree(request.body());
        if (request.path().endsWith("/enrol")) {
            ObjectNode enrolled = JSON.createObjectNode()
                    .put("agentId", UUID.randomUUID().toString())
                    .put("credential", "secret-" + UUID.randomUUID());
            answer.send(201, "application/json", JSON.writeValueAsBytes(enrolled));
            return;
        }
        ObjectNode reply =
                JSON.createObjectNode().put("serverTime", Instant.now().toString());
        reply.set("resultsTaken", body.path("results").isArray() ? body.path("results") : JSON.createArrayNode());
        answer.send(200, "application/json", JSON.writeValueAsBytes(reply));
    }
}
