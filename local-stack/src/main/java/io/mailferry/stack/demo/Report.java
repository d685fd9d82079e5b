package io.mailferry.stack.demo;

import io.mailferry.cli.terminal.Figures;
import io.mailferry.cli.terminal.Screen;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table at the end. */
final class Report {
    private static final String ROW = "  %-44s %8s %8s %9s %8s %6s %10s  %s";

    private final Screen screen;

    Report(Screen screen) {
        this.screen = screen;
    }

    void print(List<Ferried> mailboxes, Tally tally) {
        line("");
        line(screen.bold("What became of the mail"));
        line(screen.faint(
                row("mailbox", "items", "stored", "verified", "skipped", "lost", "content", "skipped because")));
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
                    causes(mailbox));
            line(mailbox.isRight() ? text : screen.bad(text));
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
        line(
                "  items: the simulator's own count. stored: in the newest restore points. verified: read back from the bucket"
                        + " by restore-service, opened and checked.");
        line(
                mailboxes.stream().allMatch(Ferried::isSkippedRightly)
                        ? "  skipped: exactly the items that the simulator was told to spoil so that nobody can read them."
                        : screen.bad(
                                "  skipped: NOT exactly the items that the simulator was told to spoil so that nobody can"
                                        + " read them."));
    }

    private static String causes(Ferried mailbox) {
        return mailbox.skippedByCause().entrySet().stream()
                .map(cause -> cause.getValue() + " "
                        + cause.getKey().toLowerCase(Locale.ROOT).replace('_', ' '))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, ROW, cells).stripTrailing();
    }

    private void line(String text) {
        screen.out().println(text);
    }
}
