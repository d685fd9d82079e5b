package io.mailferry.stack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.cli.terminal.Screen;
import io.mailferry.stack.StackFailure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Whatever a demo ends with, its last line is the last, and 0 is for one that is right. */
final class EndingTest {
    private static final Tally RIGHT = new Tally(10, 9, 9, 1, 0, true);

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final Ending ending = new Ending(
            new Screen(new PrintStream(shown, true, StandardCharsets.UTF_8), false, 80, false, false),
            StandardCharsets.UTF_8,
            () -> Instant.EPOCH);

    @Test
    void givesZeroToADemoThatIsRight() {
        assertThat(run(heard -> RIGHT)).isZero();

        assertThat(lines()).containsExactly("demo: items=10 stored=9 verified=9 restored=0 skipped=1 lost=0 seconds=0");
    }

    @Test
    void givesAnotherCodeToADemoThatIsWrong() {
        assertThat(run(heard -> new Tally(10, 9, 9, 0, 1, false))).isEqualTo(1);

        assertThat(lines().getLast()).endsWith("skipped=0 lost=1 seconds=0");
    }

    @Test
    void tellsWhatWasKnownWhenAPartFails() {
        int code = run(heard -> {
            heard.accept(new Tally(10, 4, 2, 0, 0, false));
            StackFailure failure = new StackFailure("Kafka ended.");
            failure.addSuppressed(new StackFailure("Others did too."));
            throw failure;
        });

        assertThat(code).isEqualTo(1);
        assertThat(lines()).contains("The demo failed: Kafka ended.", "Others did too.");
        assertThat(lines().getLast())
                .isEqualTo("demo: items=10 stored=4 verified=2 restored=0 skipped=0 lost=0 seconds=0");
    }

    @Test
    void doesNotTakeWhatWasKnownForTheResultWhenStoppingFails() {
        int code = run(heard -> {
            heard.accept(RIGHT);
            throw new StackFailure("PostgreSQL did not stop.");
        });

        assertThat(code).isEqualTo(1);
    }

    @Test
    void namesThePlaceOfADefectBeforeTheLastLine() {
        int code = run(heard -> {
            throw new IllegalStateException("a defect");
        });

        assertThat(code).isEqualTo(1);
        assertThat(String.join("\n", lines()))
                .contains("unexpectedly: java.lang.IllegalStateException: a defect")
                .contains("at io.mailferry.stack.demo.EndingTest");
        assertThat(lines().getLast())
                .isEqualTo("demo: items=0 stored=0 verified=0 restored=0 skipped=0 lost=0 seconds=0");
    }

    @Test
    void letsNobodySpeakAfterOneHasTakenHold() throws Exception {
        Curtain curtain = new Curtain(shown);
        PrintStream out = new PrintStream(curtain, true, StandardCharsets.UTF_8);
        out.println("before");
        Thread holder = Thread.ofPlatform().start(() -> {
            curtain.hold();
            out.println("the last line");
        });
        holder.join();

        out.println("after");

        assertThat(lines()).containsExactly("before", "the last line");
    }

    @Test
    void showsAPictureWholeOrNotAtAll() throws Exception {
        Curtain curtain = new Curtain(shown);
        curtain.write("half a pic".getBytes(StandardCharsets.UTF_8));
        Thread holder = Thread.ofPlatform().start(() -> {
            curtain.hold();
            new PrintStream(curtain, true, StandardCharsets.UTF_8).println("the last line");
        });
        holder.join();

        curtain.flush();

        assertThat(lines()).containsExactly("the last line");
    }

    private int run(Function<Consumer<Tally>, Tally> demo) {
        return ending.of(demo);
    }

    private List<String> lines() {
        return shown.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
