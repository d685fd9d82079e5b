package io.mailferry.stack.demo;

import io.mailferry.cli.terminal.Screen;
import java.util.ArrayList;
import java.util.List;

/** What is said in more words than a line of the terminal holds. */
final class Paragraph {
    private Paragraph() {}

    /** Broken by words into lines that leave room for an indentation; whole where nobody sees lines wrap. */
    static List<String> lines(String text, Screen screen, int indentation) {
        if (!screen.isTerminal()) {
            return List.of(text);
        }
        int room = screen.width() - 1 - indentation;
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > room) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
