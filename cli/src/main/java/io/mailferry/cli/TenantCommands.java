package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.terminal.Figures;
import io.mailferry.cli.terminal.Table;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The provider's customers. */
@Command(
        name = "tenant",
        description = "Lists and makes tenants, counts what they have.",
        synopsisSubcommandLabel = "COMMAND")
final class TenantCommands {
    @Command(name = "list", description = "Lists the tenants that you may see.")
    int list(@Mixin ServiceOptions options, @Mixin Listing listing) {
        List<JsonNode> tenants = options.inventory().list("/tenants");
        listing.print(
                tenants,
                new Table("NAME", "TENANT", "CREATED"),
                (table, tenant) -> table.row(text(tenant, "name"), text(tenant, "tenant"), text(tenant, "createdAt")));
        return 0;
    }

    @Command(name = "show", description = "Shows one tenant.")
    int show(
            @Parameters(paramLabel = "TENANT", description = "Its name or id.") String tenant,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        RestClient inventory = options.inventory();
        String id = new Catalogue(inventory).tenants(tenant).getFirst().id();
        listing.print(inventory.read("/tenants/" + id));
        return 0;
    }

    @Command(name = "create", description = "Makes a tenant. One that has this name already is shown instead.")
    int create(
            @Parameters(paramLabel = "NAME", description = "What you call the customer.") String name,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        listing.print(options.inventory().post("/tenants", RestClient.body().put("name", name)));
        return 0;
    }

    @Command(
            name = "statistics",
            description = {
                "Counts what will have to move, and what no plan covers: archives, public folders,",
                "Recoverable Items, mailboxes in no set."
            })
    int statistics(
            @Parameters(paramLabel = "TENANT", description = "Its name or id.") String tenant,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        RestClient inventory = options.inventory();
        String id = new Catalogue(inventory).tenants(tenant).getFirst().id();
        JsonNode counted = inventory.read("/tenants/" + id + "/statistics");
        Table table = new Table("WHAT", "MAILBOXES", "ITEMS", "SIZE");
        volume(table, "to move", counted.path("toMove"));
        for (JsonNode server : counted.path("servers")) {
            volume(table, "  " + text(server, "name"), server.path("toMove"));
            for (JsonNode set : server.path("backupSets")) {
                volume(table, "    " + text(set, "name") + " (" + text(set, "mode") + ")", set.path("mailboxes"));
            }
        }
        JsonNode open = counted.path("notCovered");
        volume(table, "not covered: archives", open.path("archives"));
        volume(table, "not covered: public folders (sets)", open.path("publicFolders"));
        volume(table, "not covered: Recoverable Items", open.path("recoverableItems"));
        volume(table, "not covered: mailboxes in no set", open.path("inNoSet"));
        listing.print(counted, table);
        return 0;
    }

    private static void volume(Table table, String what, JsonNode volume) {
        table.row(
                what,
                Figures.count(volume.path("mailboxes").asLong()),
                Figures.count(volume.path("items").asLong()),
                Figures.bytes(volume.path("bytes").asDouble()));
    }

    private static String text(JsonNode node, String field) {
        return Listing.text(node.path(field));
    }
}
