package io.mailferry.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** One service as a process of its own, on loopback ports that it keeps over a restart. */
public final class ServiceProcess implements AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofSeconds(120);
    private static final Duration STOP_GRACE = Duration.ofSeconds(30);
    private static final int START_ATTEMPTS = 3;
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final String name;
    private final ServiceKind service;
    private final Map<String, String> environment;
    private final Path log;
    private int port;
    private int managementPort;
    private ChildProcess process;

    private ServiceProcess(
            String name, ServiceKind service, Map<String, String> environment, Path log, int wantedPort) {
        this.name = name;
        this.service = service;
        this.environment = Map.copyOf(environment);
        this.log = log;
        this.port = LoopbackPort.freeOr(wantedPort);
        this.managementPort = LoopbackPort.free();
        this.process = startOnFreePorts();
    }

    /**
     * Starts the service and returns when its readiness probe says so.
     *
     * @param name tells it apart from another of the same kind, in messages
     * @param environment its settings, all but the ports
     * @param wantedPort another is taken when it is not free; 0 for any
     */
    static ServiceProcess start(
            String name, ServiceKind service, Map<String, String> environment, Path log, int wantedPort) {
        if (!Files.exists(service.application())) {
            throw new StackFailure(service.module() + " is not built: " + service.application()
                    + " is missing. Build it with: ./mvnw -pl " + service.module() + " -am package -DskipTests");
        }
        return new ServiceProcess(name, service, environment, log, wantedPort);
    }

    public ServiceKind service() {
        return service;
    }

    /** Such as {@code http://127.0.0.1:41234}, the same after a restart. */
    public String url() {
        return "http://" + LoopbackPort.HOST + ":" + port;
    }

    /** Where {@code /q/health} and {@code /q/metrics} are. */
    public String managementUrl() {
        return "http://" + LoopbackPort.HOST + ":" + managementPort;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.alive();
    }

    /** The service's log, of all its starts. */
    public Path log() {
        return log;
    }

    /** Ends the service at once, as a crash would; {@link #startAgain()} brings it back. */
    public void kill() {
        process.kill();
    }

    /** Starts the service that was closed or killed, on the same ports, and returns when it is ready. */
    public void startAgain() {
        process = launch();
    }

    /** Asks the service to stop, as an orchestrator would, without waiting, so that several drain at once. */
    public void requestStop() {
        process.requestStop();
    }

    /** The exit code; empty when the process goes on for longer than the patience. */
    public OptionalInt awaitEnd(Duration patience) {
        return process.awaitEnd(patience);
    }

    @Override
    public void close() {
        process.close();
    }

    private ChildProcess startOnFreePorts() {
        for (int attempt = 1; ; attempt++) {
            try {
                return launch();
            } catch (StackFailure e) {
                String message = String.valueOf(e.getMessage());
                boolean taken = message.contains("Address already in use") || message.contains("already bound");
                if (attempt == START_ATTEMPTS || !taken) {
                    throw e;
                }
                port = LoopbackPort.free();
                managementPort = LoopbackPort.free();
            }
        }
    }

    private ChildProcess launch() {
        Map<String, String> whole = new HashMap<>(environment);
        whole.put("MAILFERRY_HTTP_HOST", LoopbackPort.HOST);
        whole.put("MAILFERRY_HTTP_PORT", Integer.toString(port));
        whole.put("MAILFERRY_MANAGEMENT_PORT", Integer.toString(managementPort));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(service.javaOptions());
        command.add("-jar");
        command.add(service.application().toString());
        ChildProcess started = ChildProcess.start(name, command, whole, log, ChildProcess.StopSignal.TERM, STOP_GRACE);
        started.awaitReady(START_DEADLINE, this::ready);
        return started;
    }

    private boolean ready() {
        if (!LoopbackPort.answers(managementPort)) {
            return false;
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(managementUrl() + "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while waiting for " + name, e);
        }
    }
}
