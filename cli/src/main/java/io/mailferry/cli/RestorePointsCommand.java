package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.cli.rest.Services;
import io.mailferry.cli.terminal.Figures;
import io.mailferry.cli.terminal.Screen;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what could be restored. */
@Command(
        name = "restore-points",
        description = "Lists the restore points of each mailbox, or of one, as the bucket has them.",
        sortOptions = false)
final class RestorePointsCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "MAILBOX", description = "A mail address; all known mailboxes if absent.")
    private @Nullable String address;

    @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's mailboxes.")
    private @Nullable String tenant;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Override
    public Integer call() {
        Services services = options.services();
        PrintStream out = Screen.standard().out();
        for (Catalogue.Mailbox mailbox : new Catalogue(services.inventory()).mailboxes(tenant, address)) {
            JsonNode points = services.restore()
                    .read("/tenants/" + mailbox.tenant() + "/mailboxes/" + mailbox.id() + "/restore-points");
            out.println(mailbox.address() + (points.isEmpty() ? ": none yet" : ":"));
            for (JsonNode point : points) {
                out.println("  " + point.path("at").asText() + "  "
                        + point.path("restorePoint").asText() + "  "
                        + Figures.count(point.path("items").asLong()) + " items, "
                        + Figures.count(point.path("skipped").asLong()) + " skipped, "
                        + Figures.bytes(point.path("sealedBytes").asLong())
                        + (point.path("complete").asBoolean() ? ", complete" : ", NOT complete"));
            }
        }
        return 0;
    }
}
