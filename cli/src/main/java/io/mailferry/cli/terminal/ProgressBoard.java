package io.mailferry.cli.terminal;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Progress bars, one below the other, redrawn in place on a terminal; lines can be said above them. Without a terminal
 * a bar becomes a line whenever it has moved by a tenth and at its end. One thread uses it at a time.
 */
public final class ProgressBoard {
    private static final int LABEL_MIN = 36;
    private static final String ERASE_FROM = "\u001b[%dA\u001b[J";

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
        erase();
        screen.out().println(line);
        draw();
    }

    /** Shows the bars as they are now. */
    public void refresh() {
        if (screen.isTerminal()) {
            erase();
            draw();
            return;
        }
        for (ProgressBar bar : bars) {
            if (bar.movedEnough()) {
                screen.out().println("  " + line(bar));
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

    private void erase() {
        if (screen.isTerminal() && drawn > 0) {
            screen.out().printf(Locale.ROOT, ERASE_FROM, drawn);
            drawn = 0;
        }
    }

    private void draw() {
        if (!screen.isTerminal()) {
            return;
        }
        for (ProgressBar bar : bars) {
            screen.out().println("  " + line(bar));
        }
        drawn = bars.size();
        screen.out().flush();
    }

    private String line(ProgressBar bar) {
        int labelWidth =
                bars.stream().mapToInt(each -> each.label().length()).max().orElse(0);
        labelWidth = Math.min(labelWidth, Math.max(screen.width() * 2 / 5, LABEL_MIN));
        String label =
                String.format(Locale.ROOT, "%-" + Math.max(1, labelWidth) + "s", shortened(bar.label(), labelWidth));
        String figures = figures(bar);
        if (!screen.isTerminal()) {
            return label + "  " + figures;
        }
        int room = Math.clamp(screen.width() - labelWidth - figures.length() - 8L, 6, 30);
        String text = label + " " + drawing(bar, room) + " " + figures;
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

    private String figures(ProgressBar bar) {
        StringBuilder text = new StringBuilder();
        if (bar.expected() > 0) {
            text.append(String.format(Locale.ROOT, "%3.0f %% ", bar.share() * 100));
        }
        text.append(Figures.count(bar.items()));
        if (bar.expected() > 0) {
            text.append('/').append(Figures.count(bar.expected()));
        }
        text.append(" items, ").append(Figures.bytes(bar.bytes()));
        switch (bar.state()) {
            case WAITING -> text.append(", waiting");
            case MOVING -> {
                bar.bytesPerSecond()
                        .ifPresent(rate ->
                                text.append(", ").append(Figures.bytes(rate)).append("/s"));
                bar.timeLeft().ifPresent(left -> text.append(", ETA ").append(Figures.duration(left)));
            }
            case DONE, FAILED -> text.append(" in ").append(Figures.duration(bar.elapsed()));
        }
        if (!bar.note().isEmpty()) {
            text.append(", ").append(bar.note());
        }
        return text.toString();
    }

    private static String shortened(String label, int width) {
        return label.length() <= width ? label : label.substring(0, Math.max(0, width - 1)) + "…";
    }
}
