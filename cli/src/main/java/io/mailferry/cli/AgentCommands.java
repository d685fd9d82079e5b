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

/** The backup agents beside the Exchange servers. */
@Command(name = "agent", description = "Lists agents.", synopsisSubcommandLabel = "COMMAND")
final class AgentCommands {
    @Command(name = "list", description = "Lists agents and whether they report.")
    int list(
            @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's.") @Nullable String tenant,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        RestClient inventory = options.inventory();
        List<JsonNode> agents = new ArrayList<>();
        for (Catalogue.Tenant each : new Catalogue(inventory).tenants(tenant)) {
            for (JsonNode agent : inventory.list("/tenants/" + each.id() + "/agents")) {
                agents.add(((ObjectNode) agent).put("tenantName", each.name()));
            }
        }
        listing.print(
                agents,
                new Table("TENANT", "NAME", "STATE", "BRAND", "VERSION", "LAST SEEN", "AGENT"),
                (table, agent) -> table.row(
                        text(agent, "tenantName"),
                        text(agent, "name"),
                        text(agent, "state"),
                        text(agent, "brand"),
                        text(agent, "version"),
                        text(agent, "lastSeenAt"),
                        text(agent, "agentId")));
        return 0;
    }

    private static String text(JsonNode node, String field) {
        return Listing.text(node.path(field));
    }
}
