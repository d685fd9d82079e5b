package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.terminal.Figures;
import io.mailferry.cli.terminal.Table;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Mailboxes as inventory-service knows them. */
@Command(name = "mailboxes", description = "Lists, shows and imports mailboxes.", synopsisSubcommandLabel = "COMMAND")
final class MailboxCommands {
    @Command(name = "list", description = "Lists mailboxes with what they hold, as it was last reported.")
    int list(
            @Parameters(arity = "0..1", paramLabel = "ADDRESS", description = "Only this one.") @Nullable
                    String address,
            @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's.") @Nullable String tenant,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        RestClient inventory = options.inventory();
        String query = address == null ? "" : "?address=" + URLEncoder.encode(address, StandardCharsets.UTF_8);
        List<JsonNode> mailboxes = new ArrayList<>();
        for (Catalogue.Tenant each : new Catalogue(inventory).tenants(tenant)) {
            for (JsonNode mailbox : inventory.list("/tenants/" + each.id() + "/mailboxes" + query)) {
                mailboxes.add(((ObjectNode) mailbox).put("tenantName", each.name()));
            }
        }
        listing.print(
                mailboxes,
                new Table("TENANT", "ADDRESS", "ITEMS", "SIZE", "SETS", "MAILBOX"),
                (table, mailbox) -> table.row(
                        text(mailbox, "tenantName"),
                        text(mailbox, "address"),
                        Figures.count(mailbox.path("items").asLong()),
                        Figures.bytes(mailbox.path("bytes").asDouble()),
                        String.valueOf(mailbox.path("backupSets").size()),
                        text(mailbox, "mailboxId")));
        return 0;
    }

    @Command(name = "show", description = "Shows one mailbox.")
    int show(
            @Parameters(paramLabel = "MAILBOX", description = "Its address or id.") String wanted,
            @Option(names = "--tenant", paramLabel = "T", description = "Only among this tenant's.") @Nullable
                    String tenant,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        RestClient inventory = options.inventory();
        if (!wanted.contains("@")) {
            listing.print(inventory.read("/mailboxes/" + URLEncoder.encode(wanted, StandardCharsets.UTF_8)));
            return 0;
        }
        List<Catalogue.Mailbox> found = new Catalogue(inventory).mailboxes(tenant, wanted);
        if (found.size() > 1) {
            throw new OperatorError(
                    "Several mailboxes have this address; say --tenant T, or the id that `mailboxes list` tells.");
        }
        listing.print(inventory.read("/mailboxes/" + found.getFirst().id()));
        return 0;
    }

    @Command(
            name = "import",
            description = {
                "Takes what Get-Mailbox and Get-MailboxStatistics wrote with Export-Csv, Get-Mailbox first.",
                "All of a file or nothing; repeating it changes nothing."
            })
    int importCsv(
            @Option(names = "--csv", required = true, arity = "1..*", paramLabel = "FILE", description = "In order.")
                    List<Path> files,
            @Option(names = "--server", required = true, paramLabel = "SERVER", description = "Its name or id.")
                    String server,
            @Option(names = "--tenant", paramLabel = "T", description = "Only among this tenant's servers.") @Nullable
                    String tenant,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        RestClient inventory = options.inventory();
        String id = text(ServerCommands.one(inventory, tenant, server), "serverId");
        List<JsonNode> done = new ArrayList<>();
        for (Path file : files) {
            try {
                JsonNode answer = inventory.post("/servers/" + id + "/mailboxes/import", file, "text/csv");
                done.add(((ObjectNode) answer).put("file", file.toString()));
            } catch (IOException e) {
                throw new OperatorError("The file of --csv cannot be read: " + file);
            }
        }
        listing.print(
                done,
                new Table("FILE", "ROWS", "ADDED", "CHANGED", "UNCHANGED"),
                (table, file) -> table.row(
                        text(file, "file"),
                        text(file, "rows"),
                        text(file, "added"),
                        text(file, "changed"),
                        text(file, "unchanged")));
        return 0;
    }

    private static String text(JsonNode node, String field) {
        return Listing.text(node.path(field));
    }
}
