package io.mailferry.cli.terminal;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Progress bars, one below the other, redrawn in place on a terminal; lines can be said above them. Without a terminal
 * a bar becomes a line whenever it has moved by a tenth and at its end. One thread uses it at a time.
 */
public final class ProgressBoard {
    /** Below this many columns a line says less, so that it stays one line: one that wraps could not be drawn over. */
    private static final int NARROW = 100;

    private static final int BAR_MIN = 6;
    private static final int BAR_MAX = 30;
    private static final int BYTES_WIDTH = 8;
    /** Of what stands behind the bytes, such as {@code in 1:14  verified, 2 skipped}. */
    private static final int TAIL_WIDTH = 28;

    private static final String GAP = "  ";
    private static final String UP = "\u001b[%dA";
    private static final String ERASE_LINE = "\u001b[K";
    private static final String ERASE_BELOW = "\u001b[J";

    private final Screen screen;
    private final InstantSource clock;
    private final List<ProgressBar> bars = new ArrayList<>();
    private int drawn;

    public ProgressBoard(Screen screen, InstantSource clock) {
        this.screen = screen;
        this.clock = clock;
    }

    public ProgressBar add(String label) {
        ProgressBar bar = new ProgressBar(label, clock);
        bars.add(bar);
        return bar;
    }

    /** Prints a line that stays, above the bars. */
    public void say(String line) {
        frame(line);
    }

    /** Shows the bars as they are now. */
    public void refresh() {
        if (screen.isTerminal()) {
            frame(null);
            return;
        }
        Columns columns = new Columns();
        for (ProgressBar bar : bars) {
            if (bar.movedEnough()) {
                screen.out().println(columns.line(bar));
            }
        }
        screen.out().flush();
    }

    /** Leaves the bars as they are and begins anew below them. */
    public void settle() {
        refresh();
        bars.clear();
        drawn = 0;
    }

    /** In one piece and over what was there, so that nothing flickers. */
    private void frame(@Nullable String said) {
        if (!screen.isTerminal()) {
            if (said != null) {
                screen.out().println(said);
            }
            return;
        }
        StringBuilder frame = new StringBuilder();
        if (drawn > 0) {
            frame.append(String.format(Locale.ROOT, UP, drawn));
            // What is said may be longer than one line of the screen.
            frame.append(said == null ? "" : ERASE_BELOW);
        }
        if (said != null) {
            frame.append(said).append(System.lineSeparator());
        }
        Columns columns = new Columns();
        for (ProgressBar bar : bars) {
            frame.append(coloured(bar, columns.line(bar))).append(ERASE_LINE).append(System.lineSeparator());
        }
        drawn = bars.size();
        screen.out().print(frame);
        screen.out().flush();
    }

    private String coloured(ProgressBar bar, String text) {
        return switch (bar.state()) {
            case WAITING -> screen.faint(text);
            case MOVING -> text;
            case DONE -> screen.good(text);
            case FAILED -> screen.bad(text);
        };
    }

    private String drawing(ProgressBar bar, int width) {
        int full = (int) Math.round(bar.share() * width);
        String filled = screen.unicode() ? "█" : "#";
        String empty = screen.unicode() ? "░" : ".";
        return filled.repeat(full) + empty.repeat(width - full);
    }

    /** Where each figure stands, for all bars alike. */
    private final class Columns {
        private final boolean narrow = screen.isTerminal() && screen.width() < NARROW;
        private final int labelWidth;
        private final int countWidth;
        private final int barWidth;

        Columns() {
            int longest =
                    bars.stream().mapToInt(bar -> bar.label().length()).max().orElse(0);
            labelWidth = Math.max(1, Math.min(longest, narrow ? screen.width() / 3 : screen.width() * 2 / 5));
            countWidth =
                    bars.stream().mapToInt(bar -> count(bar).length()).max().orElse(0);
            int figures = countWidth + GAP.length() + BYTES_WIDTH + GAP.length() + TAIL_WIDTH;
            int room = screen.width() - GAP.length() - labelWidth - figures - (narrow ? 3 : 3 + "100 %  ".length());
            barWidth = screen.isTerminal() ? Math.clamp(room, BAR_MIN, BAR_MAX) : 0;
        }

        /** Without colours; never wider than the screen. */
        String line(ProgressBar bar) {
            StringBuilder line = new StringBuilder(GAP)
                    .append(String.format(Locale.ROOT, "%-" + labelWidth + "s", shortened(bar.label(), labelWidth)));
            if (barWidth > 0) {
                line.append(' ').append(drawing(bar, barWidth));
            }
            line.append(' ');
            if (!narrow) {
                line.append(
                        bar.expected() > 0
                                ? String.format(Locale.ROOT, "%3d %%  ", (int) Math.floor(bar.share() * 100))
                                : " ".repeat("100 %  ".length()));
            }
            line.append(padded(count(bar), countWidth))
                    .append(GAP)
                    .append(padded(Figures.bytes(bar.bytes()), BYTES_WIDTH));
            for (String more : tail(bar)) {
                boolean fits = line.length() + GAP.length() + more.length() < screen.width();
                if (fits || !screen.isTerminal()) {
                    line.append(GAP).append(more);
                }
            }
            return screen.isTerminal() ? shortened(line.toString(), screen.width() - 1) : line.toString();
        }

        private String count(ProgressBar bar) {
            String count = bar.expected() > 0
                    ? Figures.count(bar.items()) + '/' + Figures.count(bar.expected())
                    : Figures.count(bar.items());
            return narrow ? count : count + " items";
        }

        private String padded(String text, int width) {
            return " ".repeat(Math.max(0, width - text.length())) + text;
        }
    }

    /** The most important first. */
    private static List<String> tail(ProgressBar bar) {
        List<String> tail = new ArrayList<>();
        switch (bar.state()) {
            case WAITING -> tail.add("waiting");
            case MOVING -> {
                bar.bytesPerSecond().ifPresent(rate -> tail.add(Figures.bytes(rate) + "/s"));
                bar.timeLeft().ifPresent(left -> tail.add("ETA " + Figures.duration(left)));
            }
            case DONE, FAILED -> tail.add("in " + Figures.duration(bar.elapsed()));
        }
        if (!bar.note().isEmpty()) {
            tail.add(bar.ended() ? 0 : tail.size(), bar.note());
        }
        return tail;
    }

    private static String shortened(String label, int width) {
        return label.length() <= width ? label : label.substring(0, Math.max(0, width - 1)) + "…";
    }
}
