package io.mailferry.deploy.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.mailferry.deploy.dashboard.DashboardQueries.Query;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A real Prometheus (Debian's package, say) as a child process on loopback, for tests that ask whether queries return
 * data. Where there is no {@code prometheus} on the PATH a test is skipped by {@link #binary}'s absence.
 */
public final class PrometheusServer implements AutoCloseable {
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final Duration SCRAPED = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(250);
    /** So many scrapes of each target give a rate something to work with. */
    private static final int SCRAPES = 4;

    private final Process process;
    private final URI address;
    private final int targets;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private PrometheusServer(Process process, URI address, int targets) {
        this.process = process;
        this.address = address;
        this.targets = targets;
    }

    /** The program of this name on the PATH. */
    public static Optional<Path> binary(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * @param scraped the metrics address of each job, such as {@code planner-service} to
     *     {@code http://127.0.0.1:9082/q/metrics}
     * @param folder where configuration, data and log go
     */
    public static PrometheusServer start(Path binary, Map<String, URI> scraped, Path folder) throws IOException {
        Path configuration = folder.resolve("prometheus.yml");
        Files.writeString(configuration, configuration(scraped), StandardCharsets.UTF_8);
        String address = "127.0.0.1:" + freePort();
        Process process = new ProcessBuilder(
                        binary.toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=" + address)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        return new PrometheusServer(process, URI.create("http://" + address), scraped.size());
    }

    /**
     * Returns when every target was scraped several times.
     *
     * @throws IllegalStateException if that takes longer than a minute, with what Prometheus says about its targets
     */
    public void awaitScraped() throws InterruptedException {
        Instant deadline = Instant.now().plus(SCRAPED);
        String enough = "count(count_over_time(up[5m]) >= " + SCRAPES + " and up == 1) == " + targets;
        while (!returnsData(enough)) {
            if (Instant.now().isAfter(deadline) || !process.isAlive()) {
                throw new IllegalStateException("not scraped in time: up is " + result("up"));
            }
            Thread.sleep(POLL.toMillis());
        }
    }

    /** Those of the queries that fail or return nothing. */
    public List<Query> withoutData(List<Query> queries) {
        return queries.stream()
                .filter(query -> !returnsData(PromQl.withVariables(query.expression())))
                .toList();
    }

    boolean returnsData(String expression) {
        JsonNode result = result(expression);
        return result.isArray() && !result.isEmpty();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** The result of an instant query; missing if Prometheus does not answer or refuses the expression. */
    private JsonNode result(String expression) {
        URI query = address.resolve("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(query).timeout(REQUEST).build(), HttpResponse.BodyHandlers.ofString());
            // In plain words, not in JSON, while it is starting.
            return answer.statusCode() == 503
                    ? MissingNode.getInstance()
                    : DashboardQueries.json(answer.body()).at("/data/result");
        } catch (IOException e) {
            return MissingNode.getInstance();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking Prometheus", e);
        }
    }

    private static String configuration(Map<String, URI> scraped) {
        String jobs = scraped.entrySet().stream()
                .map(job -> """
                          - job_name: %s
                            scheme: %s
                            metrics_path: %s
                            static_configs: [{targets: ['%s']}]
                        """.formatted(
                                job.getKey(),
                                job.getValue().getScheme(),
                                job.getValue().getPath(),
                                job.getValue().getAuthority()))
                .collect(Collectors.joining());
        return "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n" + jobs;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
