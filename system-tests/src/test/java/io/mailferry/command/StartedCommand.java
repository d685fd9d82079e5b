package io.mailferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One of the script's commands as a process, with what it says and what it starts. */
final class StartedCommand {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path home;
    private final Path output;
    private final Process process;

    private StartedCommand(Path home, Path output, Process process) {
        this.home = home;
        this.output = output;
        this.process = process;
    }

    /** @param main the class that the script would start, below {@code io.mailferry.stack} */
    static StartedCommand start(Path home, String main, String... arguments) throws IOException {
        Path output = Files.createTempFile(home.getParent(), main.replace('.', '-'), ".out");
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                "io.mailferry.stack." + main));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        builder.environment().put("MAILFERRY_HOME", home.toString());
        return new StartedCommand(home, output, builder.start());
    }

    long pid() {
        return process.pid();
    }

    /** Asks it to stop, as Ctrl-C does; SIGINT itself a test's parent may have switched off for its children. */
    void terminate() {
        process.destroy();
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("ended in time; it said " + lines())
                .isTrue();
        return process.exitValue();
    }

    List<String> lines() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void awaitLine(String part) {
        await(
                () -> lines().stream().anyMatch(line -> line.contains(part)),
                () -> "said " + part + "; it said " + lines());
    }

    /** After its end. A process that was killed may still be seen for a moment. */
    void requireNothingRuns() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (!running().isEmpty() && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(running()).as("what still runs").isEmpty();
    }

    /** What runs on behalf of this home folder, the command itself included, by what every such process is told. */
    private List<String> running() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(StartedCommand::told)
                    .filter(told -> told.contains(home.toString()))
                    .toList();
        }
    }

    /** The command line and the environment, as far as the system shows them; empty for another user's process. */
    private static String told(ProcessHandle handle) {
        Path folder = Path.of("/proc", Long.toString(handle.pid()));
        try {
            return read(folder.resolve("cmdline")) + " " + read(folder.resolve("environ"));
        } catch (IOException e) {
            // It has ended in the meantime, or is not ours.
            return "";
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace('\0', ' ');
    }

    private void await(BooleanSupplier met, Supplier<String> what) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!met.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(until);
            assertThat(process.isAlive() || met.getAsBoolean()).as(what).isTrue();
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }
}
