package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.cli.rest.RestClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What inventory-service knows, found by the names that people use. */
final class Catalogue {
    record Tenant(String id, String name) {}

    record Server(String id, String tenant, String tenantName, String name) {}

    /** @param address plain: for the operator's eyes, never for a log */
    record Mailbox(String id, String tenant, String server, String address) {
        @Override
        public String toString() {
            return "Mailbox[" + id + "]";
        }
    }

    private final RestClient inventory;

    Catalogue(RestClient inventory) {
        this.inventory = inventory;
    }

    /** The tenants that this operator sees, or only the one of this name or id. */
    List<Tenant> tenants(@Nullable String wanted) {
        List<Tenant> all = stream(inventory.read("/tenants"))
                .map(node -> new Tenant(text(node, "tenant"), text(node, "name")))
                .toList();
        if (wanted == null) {
            return all;
        }
        List<Tenant> found = all.stream()
                .filter(tenant -> tenant.id().equals(wanted) || tenant.name().equalsIgnoreCase(wanted))
                .toList();
        if (found.isEmpty()) {
            throw new OperatorError("There is no tenant named " + wanted + "." + known(all));
        }
        return found;
    }

    /** The tenant of this name or id, made when there is none. */
    Tenant tenantNamed(String wanted) {
        Optional<Tenant> known = stream(inventory.read("/tenants"))
                .map(node -> new Tenant(text(node, "tenant"), text(node, "name")))
                .filter(tenant -> tenant.id().equals(wanted) || tenant.name().equalsIgnoreCase(wanted))
                .findFirst();
        return known.orElseGet(() -> {
            JsonNode made = inventory.post("/tenants", RestClient.body().put("name", wanted));
            return new Tenant(text(made, "tenant"), text(made, "name"));
        });
    }

    /** The one connected server that is meant. */
    Server server(@Nullable String tenant, @Nullable String wanted) {
        List<Server> found = new ArrayList<>();
        for (Tenant each : tenants(tenant)) {
            stream(inventory.read("/tenants/" + each.id() + "/servers"))
                    .filter(node -> node.path("ews").isObject())
                    .map(node -> new Server(text(node, "serverId"), each.id(), each.name(), text(node, "name")))
                    .filter(server -> wanted == null
                            || server.id().equals(wanted)
                            || server.name().equalsIgnoreCase(wanted))
                    .forEach(found::add);
        }
        if (found.isEmpty()) {
            throw new OperatorError("No server is connected" + (wanted == null ? "" : " by the name of " + wanted)
                    + ". Connect one first: mailferry connect --tenant T --ews URL --user U --password-file F");
        }
        if (found.size() > 1) {
            throw new OperatorError("Several servers are connected; say which one is meant with --tenant and --server,"
                    + " by name or id: "
                    + found.stream()
                            .map(each -> "--tenant '" + each.tenantName() + "' --server '" + each.name() + "' ("
                                    + each.id() + ")")
                            .collect(Collectors.joining(", ")));
        }
        return found.getFirst();
    }

    /** The mailbox of this address on the server, registered when it is new. */
    Mailbox mailbox(Server server, String address) {
        JsonNode registered = inventory.post(
                "/servers/" + server.id() + "/mailboxes", RestClient.body().put("address", address));
        return new Mailbox(text(registered, "mailboxId"), server.tenant(), server.id(), address);
    }

    /** The mailboxes of the tenants that this operator sees, or only those of one tenant or one address. */
    List<Mailbox> mailboxes(@Nullable String tenant, @Nullable String address) {
        String query = address == null ? "" : "?address=" + URLEncoder.encode(address, StandardCharsets.UTF_8);
        List<Mailbox> found = new ArrayList<>();
        for (Tenant each : tenants(tenant)) {
            stream(inventory.read("/tenants/" + each.id() + "/mailboxes" + query))
                    .map(node -> new Mailbox(
                            text(node, "mailboxId"), each.id(), text(node, "serverId"), text(node, "address")))
                    .forEach(found::add);
        }
        if (found.isEmpty()) {
            throw new OperatorError(
                    address == null
                            ? "No mailbox is known yet. Back one up first: mailferry backup MAILBOX"
                            : "This mailbox is not known: " + address);
        }
        return found;
    }

    private static String known(List<Tenant> tenants) {
        return tenants.isEmpty()
                ? " There is none at all."
                : " Known: " + tenants.stream().map(Tenant::name).collect(Collectors.joining(", "));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private String text(JsonNode node, String field) {
        return inventory.text(node, field);
    }
}
