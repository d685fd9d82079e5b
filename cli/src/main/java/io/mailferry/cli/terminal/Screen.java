package io.mailferry.cli.terminal;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where output goes.
 *
 * @param isTerminal whether lines can be drawn over
 * @param width columns
 * @param unicode whether block characters can be shown
 * @param colours whether words can be coloured, which nobody has asked not to do by {@code NO_COLOR}
 */
public record Screen(PrintStream out, boolean isTerminal, int width, boolean unicode, boolean colours) {
    private static final int WIDTH_DEFAULT = 100;
    private static final int WIDTH_MIN = 40;
    private static final int WIDTH_MAX = 160;

    /** The process's standard output, as it is. */
    public static Screen standard() {
        Map<String, String> environment = System.getenv();
        @Nullable Console console = System.console();
        boolean terminal =
                console != null && console.isTerminal() && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
        String encoding = System.getProperty("stdout.encoding", "").toLowerCase(Locale.ROOT);
        boolean colours = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        int width = terminal ? columns(environment.getOrDefault("COLUMNS", "")) : WIDTH_DEFAULT;
        return new Screen(System.out, terminal, width, encoding.equals("utf-8"), colours);
    }

    public String bold(String text) {
        return coloured("1", text);
    }

    public String faint(String text) {
        return coloured("2", text);
    }

    public String good(String text) {
        return coloured("32", text);
    }

    public String warning(String text) {
        return coloured("33", text);
    }

    public String bad(String text) {
        return coloured("31", text);
    }

    private String coloured(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** @param wanted by whoever has set the variable, which goes before what the terminal says */
    private static int columns(String wanted) {
        if (wanted.matches("\\d{1,5}")) {
            return Math.clamp(Integer.parseInt(wanted), WIDTH_MIN, WIDTH_MAX);
        }
        try {
            Process stty = new ProcessBuilder(List.of("stty", "size"))
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (stty.waitFor(5, TimeUnit.SECONDS) && answer.matches("\\d+ \\d+")) {
                int columns = Integer.parseInt(answer.split(" ")[1]);
                return Math.clamp(columns, WIDTH_MIN, WIDTH_MAX);
            }
        } catch (IOException e) {
            return WIDTH_DEFAULT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return WIDTH_DEFAULT;
    }
}
