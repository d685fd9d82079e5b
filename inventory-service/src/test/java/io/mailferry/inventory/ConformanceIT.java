package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.simulator.FleetSimulator;
import io.mailferry.simulator.conformance.Conformance;
import io.mailferry.simulator.conformance.Verdicts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that was written from the protocol's page alone, in a process of its own, against this gateway. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class ConformanceIT {
    @TestHTTPResource("/")
    URI base;

    @TempDir
    Path folder;

    @Test
    void findsTheSimulatorsAgentTrueToEveryRule() throws Exception {
        TestedTenant tenant = TestedTenant.create(new Rest(base));
        Path token = Files.writeString(folder.resolve("token"), tenant.enrolmentToken(), StandardCharsets.UTF_8);

        Verdicts verdicts = Conformance.of(new Conformance.Settings(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FleetSimulator.class.getName(),
                        "simulate",
                        "--agents",
                        "1",
                        "--url",
                        "{url}",
                        "--token-file",
                        "{token-file}",
                        "--journals",
                        "{folder}"),
                base.toString(),
                token,
                folder.resolve("agents"),
                Duration.ofSeconds(20),
                Duration.ofMillis(2_200)));

        assertThat(verdicts.lines()).allSatisfy(line -> assertThat(line).startsWith("pass  "));
        assertThat(verdicts.rules()).hasSizeGreaterThan(25);
    }
}
