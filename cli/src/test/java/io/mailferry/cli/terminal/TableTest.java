package io.mailferry.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void putsColumnsBelowEachOtherAndNumbersRight() {
        Table table = new Table("NAME", "ITEMS", "SIZE", "STATE");
        table.row("Nord", "7", "1.5 kB", "PRESENT");
        table.row("A longer name", "12,345", "700 B", "");
        assertThat(printed(table)).isEqualTo("""
                NAME            ITEMS    SIZE  STATE
                Nord                7  1.5 kB  PRESENT
                A longer name  12,345   700 B
                """);
    }

    @Test
    void showsHeadingsWhenThereIsNothing() {
        assertThat(printed(new Table("NAME", "ITEMS"))).isEqualTo("NAME  ITEMS\n");
    }

    @Test
    void letsNoNameDrawOnTheTerminal() {
        Table table = new Table("NAME");
        table.row("\u001b[31mred\r\nsecond");
        assertThat(printed(table)).isEqualTo("NAME\n?[31mred??second\n");
    }

    private String printed(Table table) {
        table.print(new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), false, 100, true, false));
        return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
