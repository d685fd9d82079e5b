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

        assertThat(shown()).contains("\u001b[2A");
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

    @Test
    void keepsEachBarToOneLineOfANarrowScreenAndTheirFiguresBelowEachOther() {
        for (int width : new int[] {40, 60, 80, 110, 160}) {
            bytes.reset();
            ProgressBoard board = board(true, width);
            ProgressBar moving = board.add("a.rather.long.address@somewhere.example");
            ProgressBar done = board.add("short@somewhere.example");
            moving.moveTo(0, 0, 12_000);
            done.moveTo(0, 0, 5);
            now = now.plusSeconds(100);
            moving.moveTo(5_000, 123_000_000, 12_000);
            done.done(5, 70, "verified, 2 skipped");

            board.refresh();

            var lines =
                    shown().lines().map(line -> line.replace("\u001b[K", "")).toList();
            assertThat(lines).hasSize(2).allMatch(line -> line.length() < width, "shorter than " + width);
            assertThat(lines.getFirst().indexOf("12,000") + 6)
                    .as("the counts' ends at " + width + " columns")
                    .isEqualTo(lines.getLast().indexOf("5/5") + 3);
        }
    }

    @Test
    void saysALineAboveTheBars() {
        ProgressBoard board = board(true);
        board.add("alice");
        board.refresh();
        bytes.reset();

        board.say("hello");

        assertThat(shown()).startsWith("\u001b[1A\u001b[Jhello" + System.lineSeparator());
        assertThat(shown().lines()).hasSize(2);
    }

    private ProgressBoard board(boolean terminal) {
        return board(terminal, 120);
    }

    private ProgressBoard board(boolean terminal, int width) {
        return new ProgressBoard(
                new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, width, false, false), clock);
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
