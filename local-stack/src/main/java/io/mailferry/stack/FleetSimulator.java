package io.mailferry.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fleet simulator as a process of its own. What it can be told over its control endpoint is in its module's README.
 */
public final class FleetSimulator implements AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final ChildProcess process;
    private final URI control;

    private FleetSimulator(ChildProcess process, URI control) {
        this.process = process;
        this.control = control;
    }

    /**
     * @param folder for its log and certificate
     * @param fleet the fleet file; the demo's fleet when empty
     * @param corpus a folder of .eml files for the mailboxes that take them
     */
    public static FleetSimulator start(Path folder, Optional<Path> fleet, Optional<Path> corpus) {
        Path jar = Repository.root().resolve("fleet-simulator/target/fleet-simulator.jar");
        if (!Files.exists(jar)) {
            throw new StackFailure("fleet-simulator is not built: " + jar
                    + " is missing. Build it with: ./mvnw -pl fleet-simulator package -DskipTests");
        }
        Path ready = folder.toAbsolutePath().resolve("simulator.json");
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(ready);
        } catch (IOException e) {
            throw new StackFailure("The folder " + folder + " cannot be prepared.", e);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-jar",
                jar.toString(),
                "serve",
                "--ready-file",
                ready.toString(),
                "--certificate-file",
                folder.toAbsolutePath().resolve("simulator.pem").toString()));
        fleet.ifPresent(
                file -> command.addAll(List.of("--fleet", file.toAbsolutePath().toString())));
        corpus.ifPresent(files ->
                command.addAll(List.of("--corpus", files.toAbsolutePath().toString())));
        ChildProcess process = ChildProcess.start(
                "The fleet simulator",
                command,
                Map.of(),
                folder.resolve("simulator.log"),
                ChildProcess.StopSignal.TERM,
                STOP_GRACE);
        process.awaitReady(START_DEADLINE, () -> Files.exists(ready));
        try {
            JsonNode told = new ObjectMapper().readTree(Files.readAllBytes(ready));
            return new FleetSimulator(
                    process, URI.create(told.path("controlUrl").asText()));
        } catch (IOException e) {
            process.close();
            throw new StackFailure("The fleet simulator's ready file cannot be read.", e);
        }
    }

    /** The control endpoint. */
    public URI control() {
        return control;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
