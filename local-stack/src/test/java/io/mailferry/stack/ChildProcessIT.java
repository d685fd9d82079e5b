package io.mailferry.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void aChildDiesWithItsParentEvenWhenThatIsKilled() throws Exception {
        Path pidFile = folder.resolve("pid");
        Process parent = parent(pidFile);
        ProcessHandle child = childOf(pidFile);

        parent.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        child.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void aChildDiesWithItsParentWhenThatIsAskedToStop() throws Exception {
        Path pidFile = folder.resolve("pid");
        Process parent = parent(pidFile);
        ProcessHandle child = childOf(pidFile);

        parent.destroy();

        assertThat(parent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void aChildThatEndsWhileStartingIsShownWithTheEndOfItsLog() {
        ChildProcess child = start("echo 'the reason is here'; exit 3");

        assertThatThrownBy(() -> child.awaitReady(PATIENCE, () -> false))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining("A child")
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("the reason is here");
    }

    @Test
    void aChildThatIsNotReadyInTimeIsEnded() {
        ChildProcess child = start("exec sleep 600");

        assertThatThrownBy(() -> child.awaitReady(Duration.ofMillis(100), () -> false))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining("was not ready");

        assertThat(child.alive()).isFalse();
    }

    @Test
    void aChildThatIgnoresItsStopSignalIsKilledAfterItsGrace() {
        ChildProcess child = start("trap '' TERM; while true; do sleep 0.1; done");

        child.close();

        assertThat(child.alive()).isFalse();
    }

    private ChildProcess start(String script) {
        return ChildProcess.start(
                "A child",
                List.of("sh", "-c", script),
                Map.of(),
                folder.resolve("child.log"),
                ChildProcess.StopSignal.TERM,
                Duration.ofMillis(500));
    }

    private Process parent(Path pidFile) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        pidFile.toString())
                .inheritIO()
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static ProcessHandle childOf(Path pidFile) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(pidFile)) {
            assertThat(System.nanoTime()).as("the child started in time").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(pidFile, StandardCharsets.UTF_8)))
                .orElseThrow();
    }

    /** A program that starts a child and then waits to be ended. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws Exception {
            Path pidFile = Path.of(arguments[0]);
            ChildProcess child = ChildProcess.start(
                    "A child",
                    List.of("sleep", "600"),
                    Map.of(),
                    pidFile.resolveSibling("grandchild.log"),
                    ChildProcess.StopSignal.TERM,
                    Duration.ofSeconds(5));
            Path making = pidFile.resolveSibling("pid.making");
            Files.writeString(making, Long.toString(child.pid()), StandardCharsets.UTF_8);
            Files.move(making, pidFile);
            TimeUnit.MINUTES.sleep(5);
        }
    }
}
