package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.terminal.Table;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The backup agents beside the Exchange servers. */
@Command(
        name = "agent",
        description = "Lists, shows and revokes agents, and takes their place where there is none.",
        synopsisSubcommandLabel = "COMMAND")
final class AgentCommands {
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Command(name = "list", description = "Lists agents and whether they report.")
    int list(
            @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's.") @Nullable String tenant,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "Only those that are so, such as SILENT or REVOKED.")
                    @Nullable
                    String state,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        listing.print(
                all(options.inventory(), tenant, "/agents" + (state == null ? "" : "?state=" + encoded(state))),
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

    @Command(name = "show", description = "Shows one agent.")
    int show(
            @Parameters(paramLabel = "AGENT", description = "Its name or id.") String wanted,
            @Option(names = "--tenant", paramLabel = "T", description = "Only among this tenant's.") @Nullable
                    String tenant,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        listing.print(one(options.inventory(), tenant, wanted));
        return 0;
    }

    @Command(
            name = "revoke",
            description = {
                "Ends an agent: from now on its credentials open nothing. Its sets and history stay.",
                "It comes back only by a token made for it: token create --agent AGENT."
            })
    int revoke(
            @Parameters(paramLabel = "AGENT", description = "Its name or id.") String wanted,
            @Option(names = "--tenant", paramLabel = "T", description = "Only among this tenant's.") @Nullable
                    String tenant,
            @Mixin ServiceOptions options) {
        RestClient inventory = options.inventory();
        JsonNode agent = one(inventory, tenant, wanted);
        inventory.delete("/agents/" + inventory.text(agent, "agentId"));
        tell(text(agent, "name") + " (" + text(agent, "agentId") + ") is revoked.");
        return 0;
    }

    @Command(
            name = "create",
            description = {
                "Makes an agent whose hands are yours, for a server without one. What is then asked of it is",
                "listed by `agent steps`. Real agents enrol by themselves: token create."
            })
    int create(
            @Parameters(paramLabel = "NAME", description = "What you call it.") String name,
            @Option(names = "--tenant", required = true, paramLabel = "T", description = "Its name or id.")
                    String tenant,
            @Option(
                            names = "--brand",
                            required = true,
                            paramLabel = "PRODUCT",
                            description = "The product that backs the server up.")
                    String brand,
            @Option(names = "--version", required = true, paramLabel = "V", description = "And its version, as 4.3.0.")
                    String version,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        RestClient inventory = options.inventory();
        String id = new Catalogue(inventory).tenants(tenant).getFirst().id();
        listing.print(inventory.post(
                "/tenants/" + id + "/manual-agents",
                RestClient.body().put("name", name).put("brand", brand).put("version", version)));
        return 0;
    }

    @Command(
            name = "take-over",
            description = {
                "Takes over by hand from an agent that is gone: its credentials open nothing any more, and",
                "what is asked of it is listed by `agent steps`. Enrolled anew it is an agent again."
            })
    int takeOver(
            @Parameters(paramLabel = "AGENT", description = "Its name or id.") String wanted,
            @Option(names = "--tenant", paramLabel = "T", description = "Only among this tenant's.") @Nullable
                    String tenant,
            @Mixin ServiceOptions options) {
        RestClient inventory = options.inventory();
        JsonNode agent = one(inventory, tenant, wanted);
        inventory.post("/agents/" + inventory.text(agent, "agentId") + "/by-hand", RestClient.body());
        tell(text(agent, "name") + " (" + text(agent, "agentId") + ") is done by hand.");
        return 0;
    }

    @Command(
            name = "report",
            description = {
                "Says what the server and sets of an agent by hand look like, as `status` of a heartbeat does.",
                "Do so again after each step that changes any of that."
            })
    int report(
            @Parameters(paramLabel = "AGENT", description = "Its name or id.") String wanted,
            @Option(names = "--status", required = true, paramLabel = "FILE", description = "The status, JSON.")
                    Path status,
            @Option(names = "--tenant", paramLabel = "T", description = "Only among this tenant's.") @Nullable
                    String tenant,
            @Mixin ServiceOptions options) {
        RestClient inventory = options.inventory();
        String agent = inventory.text(one(inventory, tenant, wanted), "agentId");
        try {
            inventory.put("/agents/" + agent + "/status", status, "application/json");
        } catch (IOException e) {
            throw new OperatorError("The file of --status cannot be read: " + status);
        }
        tell("the inventory reflects it in a moment.");
        return 0;
    }

    @Command(name = "steps", description = "Lists what waits to be done by hand, oldest first.")
    int steps(
            @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's.") @Nullable String tenant,
            @Mixin ServiceOptions options,
            @Mixin Listing listing) {
        listing.print(
                all(options.inventory(), tenant, "/manual-steps"),
                new Table("TENANT", "WHAT", "WITH", "STATE", "UNTIL", "NOT NOW", "STEP"),
                (table, step) -> table.row(
                        text(step, "tenantName"),
                        text(step, "type"),
                        text(step, "payload"),
                        text(step, "state"),
                        text(step, "expiresAt"),
                        text(step, "refused"),
                        text(step, "commandId")));
        return 0;
    }

    @Command(name = "confirm", description = "Says what became of a step. Your name is kept with it.")
    int confirm(
            @Parameters(paramLabel = "STEP", description = "Its id, as `agent steps` tells it.") String wanted,
            @Option(
                            names = "--outcome",
                            paramLabel = "WORD",
                            defaultValue = "succeeded",
                            description = "succeeded (the default), or accepted, running, failed, rejected, cancelled.")
                    String outcome,
            @Option(names = "--cause", paramLabel = "WORD", description = "Why not, such as notPermitted.") @Nullable
                    String cause,
            @Option(
                            names = "--detail",
                            paramLabel = "FIELD=VALUE",
                            description = "What this type's success tells: ref of a new set, version of an agent;"
                                    + " FIELD=@FILE takes it from a file.")
                    @Nullable
                    Map<String, String> detail,
            @Option(names = "--tenant", paramLabel = "T", description = "Only among this tenant's.") @Nullable
                    String tenant,
            @Mixin ServiceOptions options) {
        RestClient inventory = options.inventory();
        JsonNode step = all(inventory, tenant, "/manual-steps").stream()
                .filter(each -> text(each, "commandId").equals(wanted))
                .findFirst()
                .orElseThrow(() -> new OperatorError(
                        "No step of this id waits; it may be over by now. See: mailferry agent steps"));
        ObjectNode result = RestClient.body()
                .put("commandId", wanted)
                .put("attempt", step.path("attempt").asInt())
                .put("outcome", outcome);
        if (cause != null) {
            result.put("cause", cause);
        }
        if (detail != null) {
            ObjectNode told = result.putObject("detail");
            detail.forEach((field, value) -> told.put(field, value.startsWith("@") ? content(value) : value));
        }
        inventory.post("/agents/" + inventory.text(step, "agentId") + "/manual-results", result);
        tell(text(step, "type") + " (" + wanted + ") is told as " + outcome + ".");
        return 0;
    }

    private static String content(String atFile) {
        String file = atFile.substring(1);
        try {
            return Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new OperatorError("The file of --detail cannot be read: " + file);
        }
    }

    /** The one agent of this name or id. */
    static JsonNode one(RestClient inventory, @Nullable String tenant, String wanted) {
        String narrowed = ID.matcher(wanted).matches() ? "" : "?q=" + encoded(wanted);
        List<JsonNode> found = all(inventory, tenant, "/agents" + narrowed).stream()
                .filter(agent -> text(agent, "agentId").equalsIgnoreCase(wanted)
                        || text(agent, "name").equalsIgnoreCase(wanted))
                .toList();
        if (found.size() != 1) {
            throw new OperatorError(
                    found.isEmpty()
                            ? "There is no agent named " + wanted + ". See: mailferry agent list"
                            : "Several agents are named " + wanted + "; say --tenant T, or the agent's id.");
        }
        return found.getFirst();
    }

    /** A list of each of the tenants that are meant, with their names. */
    private static List<JsonNode> all(RestClient inventory, @Nullable String tenant, String path) {
        List<JsonNode> all = new ArrayList<>();
        for (Catalogue.Tenant each : new Catalogue(inventory).tenants(tenant)) {
            for (JsonNode node : inventory.list("/tenants/" + each.id() + path)) {
                all.add(((ObjectNode) node).put("tenantName", each.name()));
            }
        }
        return all;
    }

    private void tell(String what) {
        spec.commandLine().getErr().println("mailferry: " + what);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String text(JsonNode node, String field) {
        return Listing.text(node.path(field));
    }
}
