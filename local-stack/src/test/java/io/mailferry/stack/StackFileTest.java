package io.mailferry.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a stack whose holder was killed. */
final class StackFileTest {
    @TempDir
    private Path home;

    @Test
    void endsWhatAnAbandonedStackLeftAndForgetsIt() throws Exception {
        Process left = new ProcessBuilder("sleep", "600").start();
        write(ended(), KnownProcess.of(left.toHandle()));
        StackFile file = new StackFile(home);
        assertThat(file.isAbandoned()).isTrue();

        file.endAbandoned(Duration.ZERO);

        assertThat(left.waitFor(30, TimeUnit.SECONDS)).as("ended").isTrue();
        assertThat(file.isAbandoned()).isFalse();
        assertThat(home.resolve("stack.json")).doesNotExist();
    }

    @Test
    void leavesAloneAProcessThatOnlyHasTheNumber() throws Exception {
        Process other = new ProcessBuilder("sleep", "600").start();
        write(ended(), new KnownProcess(other.pid(), "1999-01-01T00:00:00Z"));

        new StackFile(home).endAbandoned(Duration.ZERO);

        assertThat(other.waitFor(200, TimeUnit.MILLISECONDS)).as("ended").isFalse();
        other.destroyForcibly();
    }

    @Test
    void doesNotTakeAStackThatIsHeldForAbandoned() throws Exception {
        write(KnownProcess.current(), KnownProcess.current());

        assertThat(new StackFile(home).isAbandoned()).isFalse();
    }

    private static KnownProcess ended() throws Exception {
        Process process = new ProcessBuilder("true").start();
        KnownProcess known = KnownProcess.of(process.toHandle());
        process.waitFor();
        return known;
    }

    private void write(KnownProcess holder, KnownProcess child) throws Exception {
        Files.writeString(
                home.resolve("stack.json"),
                "{\"pid\": " + holder.pid() + ", \"startedAt\": \"" + holder.startedAt() + "\", \"processes\": [\""
                        + child.text() + "\"]}",
                StandardCharsets.UTF_8);
    }
}
