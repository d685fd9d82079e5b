package io.mailferry.deploy.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.mailferry.deploy.Repository;
import io.mailferry.deploy.dashboard.DashboardQueries.Query;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrometheusIT {
    private static final Path RULES = Repository.path("deploy/chart/mailferry/files/prometheus");

    @Test
    void tellsQueriesWithoutDataWherePrometheusIsInstalled(@TempDir Path folder) throws Exception {
        Optional<Path> binary = PrometheusServer.binary("prometheus");
        assumeTrue(binary.isPresent(), "no prometheus on the PATH");
        Query answered = new Query("a", "sum by (job) (rate(a_total{job=~\"$job\"}[$__rate_interval]))");
        Query unknown = new Query("b", "sum(b_total)");
        Query broken = new Query("c", "sum(");
        HttpServer metrics = exposing("a_total 1\n");
        URI address = URI.create("http://127.0.0.1:" + metrics.getAddress().getPort() + "/q/metrics");
        try (PrometheusServer prometheus = PrometheusServer.start(binary.get(), Map.of("a-service", address), folder)) {
            prometheus.awaitScraped();

            assertThat(prometheus.withoutData(List.of(answered, unknown, broken)))
                    .containsExactly(unknown, broken);
        } finally {
            metrics.stop(0);
        }
    }

    @Test
    void firesAndResolvesAsTheRulesTestsSayWherePromtoolIsInstalled(@TempDir Path folder) throws Exception {
        Optional<Path> promtool = PrometheusServer.binary("promtool");
        assumeTrue(promtool.isPresent(), "no promtool on the PATH");

        run(
                folder,
                promtool.get().toString(),
                "check",
                "rules",
                "--lint=all",
                "--lint-fatal",
                RULES.resolve("mailferry-rules.yaml").toString());
        run(
                folder,
                promtool.get().toString(),
                "test",
                "rules",
                RULES.resolve("mailferry-rules-tests.yaml").toString());
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);

        assertThat(ended).as("promtool ends").isTrue();
        assertThat(process.exitValue()).as(() -> Repository.text(output)).isZero();
    }

    private static HttpServer exposing(String text) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        server.createContext("/q/metrics", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }
}
