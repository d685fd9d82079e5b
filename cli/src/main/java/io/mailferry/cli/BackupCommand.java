package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.rest.RestFailure;
import io.mailferry.cli.rest.Services;
import io.mailferry.cli.terminal.Figures;
import io.mailferry.cli.terminal.ProgressBar;
import io.mailferry.cli.terminal.ProgressBoard;
import io.mailferry.cli.terminal.Screen;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Exports mailboxes now and follows until each has a restore point. */
@Command(
        name = "backup",
        description = "Exports mailboxes now; the first run reads everything, later ones what changed.",
        sortOptions = false)
final class BackupCommand implements Callable<Integer> {
    private static final Duration NEWS_WITHIN = Duration.ofSeconds(20);
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    @Parameters(arity = "1..*", paramLabel = "MAILBOX", description = "Mail addresses.")
    private List<String> addresses = List.of();

    @Option(names = "--tenant", paramLabel = "T", description = "Needed when several servers are connected.")
    private @Nullable String tenant;

    @Option(names = "--server", paramLabel = "NAME", description = "Needed when the tenant has several servers.")
    private @Nullable String server;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Override
    public Integer call() {
        Services services = options.services();
        Catalogue catalogue = new Catalogue(services.inventory());
        Catalogue.Server where = catalogue.server(tenant, server);
        Screen screen = Screen.standard();
        ProgressBoard board = new ProgressBoard(screen, Clock.systemUTC());
        // All are registered first, so that the planner hears of them while the others still are.
        List<Catalogue.Mailbox> mailboxes = addresses.stream()
                .distinct()
                .map(address -> catalogue.mailbox(where, address))
                .toList();
        List<Export> exports = new ArrayList<>();
        for (Catalogue.Mailbox mailbox : mailboxes) {
            exports.add(new Export(
                    services.planner(),
                    order(services.planner(), mailbox),
                    mailbox.address(),
                    board.add(mailbox.address())));
        }
        Following.untilEnded(board, exports);
        exports.forEach(export -> export.report(screen.out()));
        return exports.stream().allMatch(export -> export.succeeded) ? 0 : 1;
    }

    /**
     * The planner learns of servers and mailboxes by events: one that was made known a moment ago may be unknown to it, or
     * known without its endpoint, so those two answers are asked again for a while.
     */
    private static String order(RestClient planner, Catalogue.Mailbox mailbox) {
        long until = System.nanoTime() + NEWS_WITHIN.toNanos();
        while (true) {
            try {
                return planner.text(
                        planner.post(
                                "/tenants/" + mailbox.tenant() + "/exports",
                                RestClient.body().put("mailboxId", mailbox.id())),
                        "commandId");
            } catch (RestFailure e) {
                boolean mayPass = e.status() == NOT_FOUND || e.status() == CONFLICT;
                if (!mayPass || System.nanoTime() > until) {
                    throw e;
                }
            }
            Following.pause();
        }
    }

    /** The planner's command that exports one mailbox. */
    private static final class Export implements Following.Work {
        private final RestClient planner;
        private final String command;
        private final String address;
        private final ProgressBar bar;
        private String result = "";
        private boolean succeeded;

        private Export(RestClient planner, String command, String address, ProgressBar bar) {
            this.planner = planner;
            this.command = command;
            this.address = address;
            this.bar = bar;
        }

        @Override
        public boolean ended() {
            if (bar.ended()) {
                return true;
            }
            CommandReport report = CommandReport.of(planner.read("/commands/" + command));
            if (report.unknown()) {
                throw new RestFailure(
                        0, "planner-service tells of a state that this version does not know; is it newer?");
            }
            if (report.moving()) {
                bar.moveTo(report.items(), report.bytes(), report.expectedItems());
            }
            if (report.succeeded()) {
                JsonNode outcome = report.outcome();
                long items = outcome.path("items").asLong();
                long skipped = CommandReport.skipped(outcome);
                succeeded = outcome.path("complete").asBoolean();
                result = Figures.count(items) + " items stored, " + Figures.count(skipped) + " skipped, "
                        + Figures.bytes(outcome.path("sealedBytes").asLong()) + " in S3, "
                        + (succeeded ? "complete" : "NOT complete") + ", restore point "
                        + outcome.path("restorePoint").asText();
                bar.done(items, Math.max(report.bytes(), 0), skipped == 0 ? "" : skipped + " skipped");
            } else if (report.failed()) {
                result = "failed: " + report.why();
                bar.failed(report.why());
            }
            return bar.ended();
        }

        private void report(PrintStream out) {
            out.println(address + ": " + result);
        }
    }
}
