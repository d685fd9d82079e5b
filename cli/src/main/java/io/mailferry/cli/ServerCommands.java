package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.terminal.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Exchange servers, reported by agents or connected by operators. */
@Command(
        name = "server",
        description = "Lists Exchange servers and what changed of them.",
        synopsisSubcommandLabel = "COMMAND")
final class ServerCommands {
    @Command(name = "list", description = "Lists Exchange servers with their builds.")
    int list(
            @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's.") @Nullable String tenant,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        listing.print(
                servers(options.inventory(), tenant),
                new Table("TENANT", "NAME", "BUILD", "SEEN BY EWS", "CONNECTED", "SERVER"),
                (table, server) -> table.row(
                        text(server, "tenantName"),
                        text(server, "name"),
                        text(server, "build"),
                        text(server, "buildObserved"),
                        server.path("ews").isObject() ? "yes" : "no",
                        text(server, "serverId")));
        return 0;
    }

    @Command(name = "show", description = "Shows one Exchange server.")
    int show(
            @Parameters(paramLabel = "SERVER", description = "Its name or id.") String wanted,
            @Option(names = "--tenant", paramLabel = "T", description = "Only among this tenant's.") @Nullable
                    String tenant,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        listing.print(one(options.inventory(), tenant, wanted));
        return 0;
    }

    @Command(name = "history", description = "Lists what changed of a server and its sets, newest first.")
    int history(
            @Parameters(paramLabel = "SERVER", description = "Its name or id.") String wanted,
            @Option(names = "--tenant", paramLabel = "T", description = "Only among this tenant's.") @Nullable
                    String tenant,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most so many; 100.")
                    int limit,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        RestClient inventory = options.inventory();
        String server = text(one(inventory, tenant, wanted), "serverId");
        listing.print(
                inventory.read("/servers/" + server + "/history?limit=" + limit),
                new Table("AT", "WHAT", "BEFORE", "AFTER", "SAID BY"),
                (table, change) -> table.row(
                        text(change, "at"),
                        text(change, "what"),
                        text(change, "before"),
                        text(change, "after"),
                        Listing.text(change.path("said").path("by"))));
        return 0;
    }

    /** The one server of this name or id. */
    static JsonNode one(RestClient inventory, @Nullable String tenant, String wanted) {
        List<JsonNode> found = servers(inventory, tenant).stream()
                .filter(server -> text(server, "serverId").equals(wanted)
                        || text(server, "name").equalsIgnoreCase(wanted))
                .toList();
        if (found.size() != 1) {
            throw new OperatorError(
                    found.isEmpty()
                            ? "There is no server named " + wanted + ". See: mailferry server list"
                            : "Several servers are named " + wanted + "; say --tenant T, or the server's id.");
        }
        return found.getFirst();
    }

    private static List<JsonNode> servers(RestClient inventory, @Nullable String tenant) {
        List<JsonNode> servers = new ArrayList<>();
        for (Catalogue.Tenant each : new Catalogue(inventory).tenants(tenant)) {
            for (JsonNode server : inventory.list("/tenants/" + each.id() + "/servers")) {
                servers.add(((ObjectNode) server).put("tenantName", each.name()));
            }
        }
        return servers;
    }

    private static String text(JsonNode node, String field) {
        return Listing.text(node.path(field));
    }
}
