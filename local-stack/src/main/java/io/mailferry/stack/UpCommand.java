package io.mailferry.stack;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Starts the stack. One process holds it and ends it: this one with {@code --foreground}, otherwise one that is left
 * behind when everything is ready.
 */
@Command(
        name = "up",
        description =
                "Starts Kafka, PostgreSQL, an S3 server and Mailferry's services, and returns when all are ready.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class UpCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder that keeps all state over restarts; .mailferry/data if absent.")
    private @Nullable Path data;

    @Option(names = "--foreground", description = "Stay, and stop everything on Ctrl-C.")
    private boolean foreground;

    @Option(names = "--left-behind", hidden = true, description = "Nobody's Ctrl-C reaches this process.")
    private boolean leftBehind;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Path home = Stack.home();
        StackFile file = new StackFile(home);
        Path folder =
                data == null ? home.resolve("data") : data.toAbsolutePath().normalize();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new StackFailure("--data is not a folder: " + folder);
        }
        Optional<JsonNode> live = file.live();
        if (live.isPresent()) {
            requireSameFolder(live.get(), folder);
            out.println("Mailferry is up already.");
            tellServices(out, live.get());
            tell(out, live.get());
            return 0;
        }
        if (foreground) {
            // Never released: the claim lasts as long as this process, and so as long as the stack.
            Claim.take(file.held(), "Mailferry is being started or stopped already");
            endAbandoned(out, file);
            stay(out, file, folder);
            return 0;
        }
        try (Claim _ = Claim.take(file.starting(), "Mailferry is being started already")) {
            endAbandoned(out, file);
            tell(out, leaveBehind(out, home, file, folder));
        }
        return 0;
    }

    private static void endAbandoned(PrintWriter out, StackFile file) {
        if (file.isAbandoned()) {
            out.println("The stack before this one was not stopped in order; waiting until the rest of it has ended.");
            file.endAbandoned();
        }
    }

    private static void requireSameFolder(JsonNode live, Path folder) {
        if (!live.path("data").asText().equals(folder.toString())) {
            throw new StackFailure("Mailferry is up already, on the data in "
                    + live.path("data").asText() + ". Stop it first: ./mailferry down");
        }
    }

    private void stay(PrintWriter out, StackFile file, Path folder) {
        out.println("Starting, with all state in " + folder);
        AtExit.whenEnding(() -> out.println("Stopping."));
        AtExit.close(() -> {
            file.delete();
            out.println("Stopped. The data stays in " + folder);
        });
        LocalStack stack = LocalStack.start(
                LocalStack.Options.in(folder).onSteadyPorts().telling(line -> unlessEnding(out, line)));
        file.write(stack);
        out.println(leftBehind ? "Ready. ./mailferry down stops it." : "Ready. Ctrl-C or ./mailferry down stops it.");
        Set<String> told = new HashSet<>();
        while (true) {
            stack.ended().stream()
                    .filter(told::add)
                    .forEach(name -> unlessEnding(
                            out,
                            name + " has ended unexpectedly; its log is below " + folder
                                    + ". Stop and start the stack to go on."));
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Once everything is being stopped, that something has ended or started is no news. */
    private static void unlessEnding(PrintWriter out, String line) {
        if (!AtExit.isEnding()) {
            out.println(line);
        }
    }

    private static JsonNode leaveBehind(PrintWriter out, Path home, StackFile file, Path folder) {
        Path log = home.resolve("up.log");
        try {
            Files.createDirectories(home);
            Files.deleteIfExists(log);
            Process process = new ProcessBuilder(line(folder))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            // Ctrl-C reaches this process alone: the one left behind has a session of its own.
            AutoCloseable starting = () -> {
                stop(process);
                out.println("Stopped.");
            };
            AtExit.whenEnding(() -> out.println("Interrupted; stopping what was started."));
            AtExit.close(starting);
            try {
                return awaitReady(out, file, process, log);
            } finally {
                AtExit.forget(starting);
            }
        } catch (IOException e) {
            throw new StackFailure("The stack could not be started: " + e.getMessage(), e);
        }
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            // The tethers of its children end them when it is gone.
            process.destroyForcibly();
        }
    }

    private static List<String> line(Path folder) {
        List<String> line = new ArrayList<>();
        line.add("setsid");
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(
                "-Xmx48m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=24m"));
        line.add("-Dmailferry.root=" + Repository.root());
        line.add("-Dslf4j.internal.verbosity=ERROR");
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Stack.class.getName()));
        line.addAll(List.of("up", "--foreground", "--left-behind", "--data", folder.toString()));
        return line;
    }

    /** Relays what the process that is left behind says, until it is ready. */
    private static JsonNode awaitReady(PrintWriter out, StackFile file, Process process, Path log) throws IOException {
        long until = System.nanoTime() + DEADLINE.toNanos();
        KnownProcess known = KnownProcess.of(process.toHandle());
        try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.UTF_8)) {
            while (true) {
                Optional<JsonNode> live = file.live();
                boolean alive = process.isAlive();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    unlessEnding(out, line);
                }
                if (live.isPresent()) {
                    return live.get();
                }
                if (!alive) {
                    throw new StackFailure(
                            file.wasStopped(known)
                                    ? "Stopped by `./mailferry down` before everything was ready."
                                    : "The stack did not start.");
                }
                if (System.nanoTime() > until) {
                    process.destroy();
                    throw new StackFailure("The stack was not ready within " + DEADLINE.toMinutes() + " minutes.");
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted; the stack is being stopped.", e);
        }
    }

    private static void tellServices(PrintWriter out, JsonNode stack) {
        stack.path("services")
                .properties()
                .forEach(service -> out.println("  " + service.getKey() + "-service: "
                        + service.getValue().path("url").asText()));
    }

    private static void tell(PrintWriter out, JsonNode stack) {
        out.println("  operator's token: " + stack.path("tokenFile").asText());
        out.println("  data: " + stack.path("data").asText());
        out.println("Next: ./mailferry connect --tenant T --ews URL --user U --password-file F");
    }
}
