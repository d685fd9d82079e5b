package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.terminal.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The provider's customers. */
@Command(name = "tenant", description = "Lists and makes tenants.", synopsisSubcommandLabel = "COMMAND")
final class TenantCommands {
    @Command(name = "list", description = "Lists the tenants that you may see.")
    int list(@Mixin ServiceOptions options, @Mixin Listing listing) {
        JsonNode tenants = options.inventory().read("/tenants");
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

    private static String text(JsonNode node, String field) {
        return Listing.text(node.path(field));
    }
}
