package io.mailferry.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FiguresTest {
    @Test
    void writesSizesInFewCharacters() {
        assertThat(Figures.bytes(0)).isEqualTo("0 B");
        assertThat(Figures.bytes(999)).isEqualTo("999 B");
        assertThat(Figures.bytes(1_000)).isEqualTo("1.0 kB");
        assertThat(Figures.bytes(157_286_400)).isEqualTo("157 MB");
        assertThat(Figures.bytes(999_999_999)).isEqualTo("1.0 GB");
    }

    @Test
    void writesDurationsAsClocksDo() {
        assertThat(Figures.duration(Duration.ofSeconds(7))).isEqualTo("0:07");
        assertThat(Figures.duration(Duration.ofSeconds(11_100))).isEqualTo("3:05:00");
        assertThat(Figures.duration(Duration.ofSeconds(-1))).isEqualTo("0:00");
    }
}
