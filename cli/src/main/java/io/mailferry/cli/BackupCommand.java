package io.mailferry.cli;

import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.rest.RestFailure;
import io.mailferry.cli.rest.Services;
import io.mailferry.cli.terminal.ProgressBoard;
import io.mailferry.cli.terminal.Screen;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
    /** As inventory-service takes them. */
    private static final Pattern ADDRESS = Pattern.compile("[^\\s@<>]{1,128}@[^\\s@<>]{1,255}");

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    @Parameters(arity = "1..*", paramLabel = "MAILBOX", description = "Mail addresses.")
    private List<String> addresses = List.of();

    @Option(names = "--tenant", paramLabel = "T", description = "Needed when several servers are connected.")
    private @Nullable String tenant;

    @Option(names = "--server", paramLabel = "NAME", description = "Needed when the tenant has several servers.")
    private @Nullable String server;

    @Option(
            names = "--follow",
            paramLabel = "SECONDS",
            description = "Follow for so long only; what has not ended by then goes on in the background, exit code 1."
                    + " When absent: to the end, or until an export that cannot begin expires.")
    private @Nullable Integer follow;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Override
    public Integer call() {
        requireAddresses();
        Services services = options.services();
        Catalogue catalogue = new Catalogue(services.inventory());
        Catalogue.Server where = catalogue.server(tenant, server);
        Screen screen = Screen.standard();
        Clock clock = Clock.systemUTC();
        ProgressBoard board = new ProgressBoard(screen, clock);
        // All are registered first, so that the planner hears of them while the others still are.
        List<Catalogue.Mailbox> mailboxes = addresses.stream()
                .distinct()
                .map(address -> catalogue.mailbox(where, address))
                .toList();
        List<Export> exports = new ArrayList<>();
        for (Catalogue.Mailbox mailbox : mailboxes) {
            exports.add(new Export(
                    services,
                    order(services.planner(), mailbox),
                    mailbox,
                    board,
                    clock,
                    follow == null ? null : Duration.ofSeconds(follow)));
        }
        Following.untilEnded(board, exports);
        exports.forEach(export -> export.report(screen.out()));
        return exports.stream().allMatch(Export::succeeded) ? 0 : 1;
    }

    /** All of them before anything is registered. */
    private void requireAddresses() {
        if (follow != null && follow < 1) {
            throw new OperatorError("--follow is at least 1 second.");
        }
        for (int i = 0; i < addresses.size(); i++) {
            if (!ADDRESS.matcher(addresses.get(i)).matches()) {
                throw new OperatorError("MAILBOX " + (i + 1) + " of " + addresses.size() + " is not a mail address: "
                        + addresses.get(i) + ". Nothing was registered.");
            }
        }
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
}
