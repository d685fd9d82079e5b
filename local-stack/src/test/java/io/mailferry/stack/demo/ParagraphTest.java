package io.mailferry.stack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.cli.terminal.Screen;
import org.junit.jupiter.api.Test;

final class ParagraphTest {
    private static final String SENTENCE =
            "An administrator has just updated the server while its mailboxes are exported";

    @Test
    void breaksByWordsSoThatTheTerminalNeedNot() {
        assertThat(Paragraph.lines(SENTENCE, new Screen(System.out, true, 40, false, false), 6))
                .containsExactly("An administrator has just updated", "the server while its mailboxes", "are exported")
                .allMatch(line -> line.length() + 6 < 40);
    }

    @Test
    void leavesALineWholeForAFile() {
        assertThat(Paragraph.lines(SENTENCE, new Screen(System.out, false, 40, false, false), 6))
                .containsExactly(SENTENCE);
    }
}
