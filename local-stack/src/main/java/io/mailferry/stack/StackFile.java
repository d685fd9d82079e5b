package io.mailferry.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code stack.json} in Mailferry's home folder: what is up on this machine, for {@code down} and for the operator's
 * commands. Names the token's file, never the token.
 */
final class StackFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** A tether kills its child ten seconds after it asked it to stop. */
    private static final Duration TETHER_PATIENCE = Duration.ofSeconds(20);

    private final Path file;
    private final Path held;
    private final Path starting;
    private final Path stopped;

    StackFile(Path home) {
        this.file = home.resolve("stack.json");
        this.held = home.resolve("stack.lock");
        this.starting = home.resolve("up.lock");
        this.stopped = home.resolve("stack.stopped");
    }

    /** Locked by the process that holds the stack, from before its first child to after its last. */
    Path held() {
        return held;
    }

    /** Locked by an {@code up} that waits for the process it leaves behind. */
    Path starting() {
        return starting;
    }

    /** Remembers that {@code down} stops this process, so that who waits for it can say so. */
    void stopping(ProcessHandle process) {
        try {
            Secrets.writePrivately(stopped, KnownProcess.of(process).text());
        } catch (IOException e) {
            throw new StackFailure(stopped + " cannot be written: " + e.getMessage(), e);
        }
    }

    boolean wasStopped(KnownProcess process) {
        try {
            return Files.exists(stopped)
                    && Files.readString(stopped, StandardCharsets.UTF_8).equals(process.text());
        } catch (IOException e) {
            throw new StackFailure(stopped + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What the file says of a stack whose process still lives; empty otherwise. */
    Optional<JsonNode> live() {
        return read().filter(stack -> process(stack).isPresent());
    }

    /** Whether the process that held the stack has ended without stopping it: killed, or with the machine. */
    boolean isAbandoned() {
        return read().isPresent() && live().isEmpty();
    }

    /** Waits for the processes of an abandoned stack, which their tethers end, kills what stays, and forgets the stack. */
    void endAbandoned() {
        endAbandoned(TETHER_PATIENCE);
    }

    void endAbandoned(Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        for (JsonNode process : read().map(stack -> stack.path("processes")).orElse(MAPPER.createArrayNode())) {
            KnownProcess.parse(process.asText())
                    .flatMap(KnownProcess::alive)
                    .ifPresent(left -> awaitEnd(left, until - System.nanoTime()));
        }
        delete();
    }

    private static void awaitEnd(ProcessHandle process, long nanos) {
        try {
            process.onExit().get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while the last stack ends.", e);
        }
    }

    /** The process that holds the stack, unless its number has been given to another one. */
    static Optional<ProcessHandle> process(JsonNode stack) {
        return new KnownProcess(
                        stack.path("pid").asLong(), stack.path("startedAt").asText())
                .alive();
    }

    void write(LocalStack stack) {
        KnownProcess self = KnownProcess.current();
        ObjectNode json = MAPPER.createObjectNode();
        json.put("pid", self.pid());
        json.put("startedAt", self.startedAt());
        json.put("data", stack.folder().path().toString());
        json.put("tokenFile", stack.folder().tokenFile().toString());
        ObjectNode services = json.putObject("services");
        for (ServiceKind service : ServiceKind.values()) {
            ServiceProcess running = stack.service(service);
            services.putObject(service.shortName())
                    .put("url", running.url())
                    .put("managementUrl", running.managementUrl())
                    .put("pid", running.pid())
                    .put("log", running.log().toString());
        }
        ArrayNode processes = json.putArray("processes");
        stack.processes().forEach(process -> processes.add(process.text()));
        json.put("kafka", stack.kafka().bootstrap());
        json.put("postgres", stack.postgres().jdbcUrl());
        json.put("s3", stack.s3().endpoint());
        try {
            Secrets.writePrivately(file, json.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new StackFailure(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new StackFailure(file + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    private Optional<JsonNode> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readTree(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new StackFailure(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
