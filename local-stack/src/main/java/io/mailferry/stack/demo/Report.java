package io.mailferry.stack.demo;

import io.mailferry.cli.terminal.Figures;
import io.mailferry.cli.terminal.Screen;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The table at the end. */
final class Report {
    private static final int LABEL_MAX = 44;
    private static final int FIGURES = 49;
    private static final int CAUSES = 60;

    private final Screen screen;
    /** Whether causes need a line of their own. */
    private final boolean narrow;

    private final int labelWidth;

    Report(Screen screen) {
        this.screen = screen;
        this.narrow = screen.isTerminal() && screen.width() < LABEL_MAX + FIGURES + CAUSES;
        this.labelWidth = narrow ? Math.clamp(screen.width() - FIGURES - 1, 12, LABEL_MAX) : LABEL_MAX;
    }

    void print(List<Ferried> mailboxes, Tally tally) {
        line("");
        line(screen.bold("What became of the mail"));
        line(screen.faint(row(
                "mailbox",
                "items",
                "stored",
                "verified",
                "skipped",
                "lost",
                "content",
                narrow ? "" : "skipped because")));
        String tenant = "";
        for (Ferried mailbox : mailboxes) {
            if (!mailbox.tenant().equals(tenant)) {
                tenant = mailbox.tenant();
                line("  " + tenant);
            }
            String text = row(
                    "  " + mailbox.address(),
                    Figures.count(mailbox.items()),
                    Figures.count(mailbox.storedItems()),
                    Figures.count(mailbox.verifiedItems()),
                    Figures.count(mailbox.skippedCount()),
                    Figures.count(mailbox.lost()),
                    Figures.bytes(mailbox.bytes()),
                    narrow ? "" : causes(mailbox));
            line(mailbox.isRight() ? text : screen.bad(text));
            if (narrow && mailbox.skippedCount() > 0) {
                line("      skipped because: " + causes(mailbox));
            }
        }
        line(screen.bold(row(
                "all",
                Figures.count(tally.items()),
                Figures.count(tally.stored()),
                Figures.count(tally.verified()),
                Figures.count(tally.skipped()),
                Figures.count(tally.lost()),
                Figures.bytes(mailboxes.stream().mapToLong(Ferried::bytes).sum()),
                "")));
        explain(
                "items: the simulator's own count. stored: in the newest restore points. verified: read back from the bucket"
                        + " by restore-service, opened and checked.",
                UnaryOperator.identity());
        boolean isRight = mailboxes.stream().allMatch(Ferried::isSkippedRightly);
        explain(
                "skipped: " + (isRight ? "" : "NOT ")
                        + "exactly the items that the simulator was told to spoil so that nobody can read them.",
                isRight ? UnaryOperator.identity() : screen::bad);
    }

    private static String causes(Ferried mailbox) {
        return mailbox.skippedByCause().entrySet().stream()
                .map(cause -> cause.getValue() + " "
                        + cause.getKey().toLowerCase(Locale.ROOT).replace('_', ' '))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private void explain(String sentence, UnaryOperator<String> style) {
        Paragraph.lines(sentence, screen, 2).forEach(part -> line("  " + style.apply(part)));
    }

    private String row(String label, Object... figures) {
        String shown = label.length() <= labelWidth ? label : label.substring(0, labelWidth - 1) + "…";
        return (String.format(Locale.ROOT, "  %-" + labelWidth + "s", shown)
                        + String.format(Locale.ROOT, " %6s %6s %8s %7s %4s %8s  %s", figures))
                .stripTrailing();
    }

    private void line(String text) {
        screen.out().println(text);
    }
}
