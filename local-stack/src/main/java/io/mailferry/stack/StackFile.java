package io.mailferry.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code stack.json} in Mailferry's home folder: what is up on this machine, for {@code down} and for the operator's
 * commands. Names the token's file, never the token.
 */
final class StackFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;

    StackFile(Path home) {
        this.file = home.resolve("stack.json");
    }

    /** What the file says of a stack whose process still lives; empty otherwise. */
    Optional<JsonNode> live() {
        return read().filter(stack -> process(stack).isPresent());
    }

    /** The process that holds the stack, unless its number has been given to another one. */
    static Optional<ProcessHandle> process(JsonNode stack) {
        return ProcessHandle.of(stack.path("pid").asLong())
                .filter(ProcessHandle::isAlive)
                .filter(process ->
                        startedAt(process).equals(stack.path("startedAt").asText()));
    }

    void write(LocalStack stack) {
        ProcessHandle self = ProcessHandle.current();
        ObjectNode json = MAPPER.createObjectNode();
        json.put("pid", self.pid());
        json.put("startedAt", startedAt(self));
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

    private static String startedAt(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }
}
