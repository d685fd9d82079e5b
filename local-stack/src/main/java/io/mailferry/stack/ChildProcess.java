package io.mailferry.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A process of our own that does not outlive us. It leads a session of its own, so that Ctrl-C reaches only its parent,
 * which then stops its children in order. For the case that the parent is killed without a chance to do so, a small
 * shell waits on a pipe that the parent holds open, and stops the child when the pipe breaks.
 */
final class ChildProcess implements AutoCloseable {
    private static final int LOG_LINES_SHOWN = 25;
    private static final long POLL_MILLIS = 40;

    /** Waits for the end of standard input, then sends the signal $2 to $1 and, ten seconds later, KILL. */
    private static final String TETHER =
            "read -r _; kill -\"$2\" \"$1\" 2>/dev/null; n=0; while kill -0 \"$1\" 2>/dev/null && [ $n -lt 50 ]; do"
                    + " sleep 0.2; n=$((n+1)); done; kill -KILL \"$1\" 2>/dev/null";

    /** The signal that asks a process to stop. PostgreSQL would wait for its clients on TERM, so it gets INT. */
    enum StopSignal {
        TERM,
        INT
    }

    private final String name;
    private final Process process;
    private final Process tether;
    private final Path log;
    private final StopSignal stopSignal;
    private final Duration grace;

    private ChildProcess(
            String name, Process process, Process tether, Path log, StopSignal stopSignal, Duration grace) {
        this.name = name;
        this.process = process;
        this.tether = tether;
        this.log = log;
        this.stopSignal = stopSignal;
        this.grace = grace;
    }

    /**
     * @param environment added to the parent's own
     * @param log receives standard output and error, appended
     * @param grace how long an orderly stop may take before the process is killed
     */
    static ChildProcess start(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path log,
            StopSignal stopSignal,
            Duration grace) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            List<String> whole = new ArrayList<>(command.size() + 1);
            whole.add("setsid");
            whole.addAll(command);
            ProcessBuilder builder = new ProcessBuilder(whole)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            // Options meant for the parent's JVM or Maven must not change a child.
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "MAVEN_OPTS", "CLASSPATH"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            Process tether = new ProcessBuilder(
                            "setsid",
                            "sh",
                            "-c",
                            TETHER,
                            "mailferry-tether",
                            Long.toString(process.pid()),
                            stopSignal.name())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            ChildProcess child = new ChildProcess(name, process, tether, log, stopSignal, grace);
            // The tether must be gone before the child's pid can be given to somebody else.
            var unused = process.onExit().thenRun(tether::destroyForcibly);
            try {
                AtExit.close(child);
            } catch (StackFailure e) {
                child.kill();
                throw e;
            }
            return child;
        } catch (IOException e) {
            throw new StackFailure(name + " could not be started: " + command.getFirst(), e);
        }
    }

    /**
     * Runs a program that ends by itself.
     *
     * @throws StackFailure if it does not end in time, or not with 0; the log's end is shown
     */
    static void run(String name, List<String> command, Map<String, String> environment, Path log, Duration deadline) {
        ChildProcess child = start(name, command, environment, log, StopSignal.TERM, Duration.ofSeconds(5));
        try {
            if (!child.process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StackFailure(
                        name + " was not through within " + deadline.toSeconds() + " s." + lastLogLines(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while waiting for " + name, e);
        } finally {
            child.close();
        }
        if (child.process.exitValue() != 0) {
            throw new StackFailure(name + " failed (exit code " + child.process.exitValue() + ")." + lastLogLines(log));
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Returns when the probe says yes; fails, showing the log's end, when the process ends or the deadline passes. */
    void awaitReady(Duration deadline, BooleanSupplier probe) {
        long until = System.nanoTime() + deadline.toNanos();
        while (!probe.getAsBoolean()) {
            if (!process.isAlive()) {
                throw new StackFailure(
                        name + " ended while starting (exit code " + process.exitValue() + ")." + lastLogLines(log));
            }
            if (System.nanoTime() > until) {
                StackFailure failure = new StackFailure(
                        name + " was not ready within " + deadline.toSeconds() + " s." + lastLogLines(log));
                kill();
                throw failure;
            }
            pause();
        }
    }

    /** Asks the process to stop and waits; kills it when it takes longer than its grace. */
    @Override
    public void close() {
        requestStop();
        try {
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        tether.destroyForcibly();
        AtExit.forget(this);
    }

    /** Asks the process to stop without waiting, so that several can be stopped at once. */
    void requestStop() {
        if (!process.isAlive()) {
            return;
        }
        switch (stopSignal) {
            case TERM -> process.destroy();
            case INT -> interrupt();
        }
    }

    /** The exit code; empty when the process goes on for longer than the patience. */
    OptionalInt awaitEnd(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while waiting for " + name, e);
        }
    }

    /** Ends the process at once, as a crash would. */
    void kill() {
        try {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tether.destroyForcibly();
        AtExit.forget(this);
    }

    /** Kills the process without waiting for its end. */
    void requestKill() {
        process.destroyForcibly();
    }

    private void interrupt() {
        try {
            int exit = new ProcessBuilder("sh", "-c", "kill -INT \"$1\"", "sh", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (exit != 0) {
                process.destroy();
            }
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }

    /** The end of a log, for a message that must explain itself. */
    static String lastLogLines(Path log) {
        Deque<String> last = new ArrayDeque<>();
        try (var lines = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("\tat ") || line.startsWith("\t... ")) {
                    // The frames of a stack would push out what it says.
                    continue;
                }
                if (last.size() == LOG_LINES_SHOWN) {
                    last.removeFirst();
                }
                last.addLast(line);
            }
        } catch (IOException e) {
            return " Its log " + log + " cannot be read: " + e.getMessage();
        }
        return " The end of " + log + ":" + System.lineSeparator() + "  | "
                + String.join(System.lineSeparator() + "  | ", last);
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while waiting for a process", e);
        }
    }
}
