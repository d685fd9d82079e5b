package io.mailferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo}: its last line and its exit code, whatever becomes of it. */
final class DemoIT {
    private static final Pattern LAST_LINE = Pattern.compile(
            "demo: items=(\\d+) stored=(\\d+) verified=(\\d+) restored=0 skipped=(\\d+) lost=(\\d+) seconds=\\d+");

    @TempDir
    Path folder;

    private Path home;

    @BeforeEach
    void choose() {
        home = folder.resolve("home");
    }

    @Test
    void refusesASecondAndLeavesNothingBehindWhenItIsInterrupted() throws Exception {
        StartedCommand first = StartedCommand.start(home, "demo.Demo");
        first.awaitLine("Kafka");
        StartedCommand second = StartedCommand.start(home, "demo.Demo");

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(String.join("\n", second.lines()))
                .contains("A demo is running already")
                .contains("process " + first.pid());
        assertThat(counts(second)).containsExactly(0, 0, 0, 0, 0);
        assertThat(home.resolve("demo/operator.token")).as("of the first").exists();

        first.terminate();

        assertThat(first.exitCode()).isEqualTo(143);
        assertThat(first.lines()).contains("Interrupted; stopping everything.");
        assertThat(counts(first)[2]).as("verified").isZero();
        first.requireNothingRuns();
    }

    @Test
    void tellsItsLastLineWhenItCannotBegin() throws Exception {
        Files.writeString(home, "not a folder", StandardCharsets.UTF_8);

        StartedCommand demo = StartedCommand.start(home, "demo.Demo");

        assertThat(demo.exitCode()).isEqualTo(1);
        assertThat(String.join("\n", demo.lines())).contains("The demo failed: ");
        assertThat(counts(demo)).containsExactly(0, 0, 0, 0, 0);
    }

    @Test
    @Tag("long")
    void carriesTheWholeFleet() throws Exception {
        StartedCommand demo = StartedCommand.start(home, "demo.Demo");

        assertThat(demo.exitCode()).as(String.join("\n", demo.lines())).isZero();

        int[] counts = counts(demo);
        assertThat(counts[0]).as("items").isGreaterThanOrEqualTo(3000);
        assertThat(counts[1]).as("stored").isEqualTo(counts[2]);
        assertThat(counts[2] + counts[3]).as("verified and skipped").isEqualTo(counts[0]);
        assertThat(counts[3]).as("skipped").isPositive();
        assertThat(counts[4]).as("lost").isZero();
        demo.requireNothingRuns();
    }

    /** Items, stored, verified, skipped and lost of the last line. */
    private static int[] counts(StartedCommand demo) {
        String last = demo.lines().getLast();
        Matcher matcher = LAST_LINE.matcher(last);
        assertThat(matcher.matches()).as(last).isTrue();
        int[] counts = new int[5];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Integer.parseInt(matcher.group(i + 1));
        }
        return counts;
    }
}
