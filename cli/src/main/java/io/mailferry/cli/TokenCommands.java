package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.terminal.Table;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tokens by which agents enrol. */
@Command(
        name = "token",
        description = "Makes, lists and revokes tokens by which agents enrol.",
        synopsisSubcommandLabel = "COMMAND")
final class TokenCommands {
    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Command(
            name = "create",
            description = "Makes a token and prints it, alone on its line. It is shown this once only.")
    int create(
            @Option(names = "--tenant", required = true, paramLabel = "T", description = "Its name or id.")
                    String tenant,
            @Option(
                            names = "--uses",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "How many agents may use it; 1.")
                    int uses,
            @Option(
                            names = "--expires-in",
                            paramLabel = "DURATION",
                            defaultValue = "P7D",
                            description = "How long it may be used, such as PT1H or P7D (the default).")
                    String expiresIn,
            @Option(
                            names = "--agent",
                            paramLabel = "AGENT",
                            description = "Only for this agent, by name or id, which keeps its identity with it.")
                    @Nullable
                    String agent,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Write it to a new file that only you may read.")
                    @Nullable
                    Path out,
            @Mixin ServiceOptions options) {
        RestClient inventory = options.inventory();
        String id = new Catalogue(inventory).tenants(tenant).getFirst().id();
        ObjectNode body = RestClient.body().put("uses", uses).put("expiresIn", expiresIn);
        if (agent != null) {
            body.put("agentId", inventory.text(AgentCommands.one(inventory, id, agent), "agentId"));
        }
        if (out != null) {
            // Before the token is made: one that cannot be written would be lost.
            create(out);
        }
        JsonNode issued = inventory.post("/tenants/" + id + "/enrolment-tokens", body);
        String token = inventory.text(issued, "token");
        if (out == null) {
            spec.commandLine().getOut().println(token);
        } else {
            write(out, token);
        }
        spec.commandLine()
                .getErr()
                .println("mailferry: good for " + issued.path("uses").asInt() + " agents until "
                        + issued.path("expiresAt").asText() + ".");
        return 0;
    }

    @Command(name = "list", description = "Lists tokens, without showing them.")
    int list(
            @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's.") @Nullable String tenant,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        RestClient inventory = options.inventory();
        List<JsonNode> tokens = new ArrayList<>();
        for (Catalogue.Tenant each : new Catalogue(inventory).tenants(tenant)) {
            for (JsonNode token : inventory.list("/tenants/" + each.id() + "/enrolment-tokens")) {
                tokens.add(((ObjectNode) token).put("tenantName", each.name()));
            }
        }
        listing.print(
                tokens,
                new Table("TENANT", "USES LEFT", "EXPIRES", "FOR AGENT", "MADE BY", "REVOKED", "TOKEN"),
                (table, token) -> table.row(
                        text(token, "tenantName"),
                        text(token, "usesLeft"),
                        text(token, "expiresAt"),
                        text(token, "agentId"),
                        text(token, "createdBy"),
                        text(token, "revokedAt"),
                        text(token, "id")));
        return 0;
    }

    @Command(name = "revoke", description = "Ends a token: nobody enrols with it any more. Agents that did stay.")
    int revoke(
            @Parameters(paramLabel = "TOKEN", description = "Its id, as `token list` tells it.") String token,
            @Option(names = "--tenant", required = true, paramLabel = "T", description = "Its name or id.")
                    String tenant,
            @Mixin ServiceOptions options) {
        RestClient inventory = options.inventory();
        String id = new Catalogue(inventory).tenants(tenant).getFirst().id();
        inventory.delete("/tenants/" + id + "/enrolment-tokens/" + URLEncoder.encode(token, StandardCharsets.UTF_8));
        spec.commandLine().getErr().println("mailferry: token " + token + " is revoked.");
        return 0;
    }

    private static String text(JsonNode node, String field) {
        return Listing.text(node.path(field));
    }

    private static void create(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownersOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            Files.createFile(file, ownersOnly);
        } catch (FileAlreadyExistsException e) {
            throw new OperatorError("There is a file of that name already: " + file);
        } catch (IOException e) {
            throw new OperatorError("The file for the token cannot be written: " + file);
        }
    }

    private static void write(Path file, String token) {
        try {
            Files.writeString(file, token + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new OperatorError("The token could not be written and is lost: " + file + ". Make another one.");
        }
    }
}
