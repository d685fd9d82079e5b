package io.mailferry.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class ProgressBoardTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource clock = () -> now;

    @Test
    void tellsItemsBytesRateAndTimeLeft() {
        ProgressBoard board = board(true);
        ProgressBar bar = board.add("alice");
        bar.moveTo(0, 0, 200);
        now = now.plusSeconds(10);
        bar.moveTo(50, 20_000_000, 200);

        board.refresh();

        assertThat(shown()).contains("25 %", "50/200 items", "20.0 MB", "2.0 MB/s", "ETA 0:30");
    }

    @Test
    void redrawsInPlaceOnATerminal() {
        ProgressBoard board = board(true);
        board.add("alice");
        board.add("bob");

        board.refresh();
        board.refresh();

        assertThat(shown()).contains("\u001b[2A\u001b[J");
    }

    @Test
    void printsPlainLinesOnlyWhenSomethingMovedWithoutATerminal() {
        ProgressBoard board = board(false);
        ProgressBar bar = board.add("alice");
        bar.moveTo(1, 10, 100);
        board.refresh();
        bar.moveTo(2, 20, 100);
        board.refresh();
        bar.moveTo(55, 550, 100);
        board.refresh();
        bar.done(100, 1000, "");
        board.refresh();
        board.refresh();

        assertThat(shown().lines()).hasSize(3).noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void keepsADoneBarAtWhatItReached() {
        ProgressBoard board = board(false);
        ProgressBar bar = board.add("alice");
        bar.moveTo(1, 10, 100);
        now = now.plusSeconds(5);
        bar.done(99, 990, "1 skipped");
        now = now.plusSeconds(500);

        board.settle();

        assertThat(shown()).contains("99/99 items", "in 0:05", "1 skipped");
    }

    private ProgressBoard board(boolean terminal) {
        return new ProgressBoard(
                new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, 120, false), clock);
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
