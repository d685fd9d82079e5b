package io.mailferry.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.rest.Services;
import io.mailferry.cli.terminal.Figures;
import io.mailferry.cli.terminal.ProgressBoard;
import io.mailferry.cli.terminal.Screen;
import io.mailferry.stack.StackFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What an operator does to a fleet and sees of it: connect, let agents enrol, follow verdicts, plans and exports. */
final class Operation {
    private static final Duration DEADLINE = Duration.ofMinutes(20);
    private static final Duration PAUSE = Duration.ofMillis(400);

    private final Services services;
    private final FleetControl control;
    private final ProgressBoard board;
    private final Screen screen;
    private final Supplier<Duration> elapsed;
    private final Consumer<Tally> heard;
    private final Map<String, String> tenantIds = new LinkedHashMap<>();
    private final Map<String, Ferried> byAddress = new LinkedHashMap<>();
    private final Map<String, Ferried> byId = new HashMap<>();
    private final List<PlanWatch> plans = new ArrayList<>();
    private final OnDemand onDemand;
    private FleetControl.SimulatedFleet fleet = new FleetControl.SimulatedFleet("", List.of());
    private boolean verdictsTold;
    private boolean updated;

    /**
     * @param elapsed since the demo began
     * @param heard hears how the sums stand, again and again
     */
    Operation(
            Services services,
            FleetControl control,
            ProgressBoard board,
            Screen screen,
            Supplier<Duration> elapsed,
            Consumer<Tally> heard) {
        this.services = services;
        this.control = control;
        this.board = board;
        this.screen = screen;
        this.elapsed = elapsed;
        this.heard = heard;
        this.onDemand = new OnDemand(services, this::say);
    }

    /** Returns when every plan is through and every mailbox is verified; fails when something needs a person. */
    List<Ferried> carry(String gatewayUrl) {
        fleet = control.fleet();
        heard.accept(Tally.of(List.of(), fleet.items()));
        connect();
        startAgents(gatewayUrl);
        long until = System.nanoTime() + DEADLINE.toNanos();
        while (!isThrough()) {
            if (System.nanoTime() > until) {
                throw new StackFailure("The fleet was not through after " + DEADLINE.toMinutes() + " minutes.");
            }
            look();
            heard.accept(Tally.of(List.copyOf(byAddress.values()), fleet.items()));
            board.refresh();
            pause();
        }
        board.settle();
        byAddress.values().forEach(this::readRestorePoint);
        return List.copyOf(byAddress.values());
    }

    private void connect() {
        line("");
        line(screen.bold("The fleet: " + fleet.mailboxes().size() + " mailboxes with " + Figures.count(fleet.items())
                + " items"));
        for (FleetControl.SimulatedServer server : fleet.servers()) {
            String tenant = tenantIds.computeIfAbsent(server.tenant(), this::makeTenant);
            ObjectNode body = RestClient.body()
                    .put("name", server.name())
                    .put("ewsUrl", server.ews())
                    .put("user", server.user())
                    .put("password", server.password())
                    .put("impersonate", true);
            body.putObject("trust").put("sha256", fleet.certificateSha256());
            services.inventory().post("/tenants/" + tenant + "/servers", body);
            line(String.format(
                    Locale.ROOT,
                    screen.isTerminal() && screen.width() < 100
                            ? "  %s, %s:%n      Exchange %s, agent %s, %d mailboxes, %s items"
                            : "  %-20s %-9s Exchange %-13s agent %-6s %2d mailboxes %6s items",
                    server.tenant(),
                    server.name(),
                    server.build(),
                    server.agentVersion(),
                    server.mailboxes().size(),
                    Figures.count(server.mailboxes().stream()
                            .mapToLong(FleetControl.SimulatedMailbox::items)
                            .sum())));
        }
    }

    private String makeTenant(String name) {
        return services.inventory()
                .post("/tenants", RestClient.body().put("name", name))
                .path("tenant")
                .asText();
    }

    private void startAgents(String gatewayUrl) {
        Map<String, String> tokens = new HashMap<>();
        tenantIds.forEach((name, id) -> tokens.put(
                name,
                services.inventory()
                        .post(
                                "/tenants/" + id + "/enrolment-tokens",
                                RestClient.body().put("uses", 10).put("expiresIn", "PT1H"))
                        .path("token")
                        .asText()));
        control.startAgents(gatewayUrl, tokens);
    }

    private boolean isThrough() {
        return verdictsTold
                && !plans.isEmpty()
                && plans.stream().allMatch(PlanWatch::isDone)
                && byAddress.values().stream().allMatch(Ferried::isVerified)
                && (updated || fleet.servers().stream().noneMatch(FleetControl.SimulatedServer::isUpdated));
    }

    private void look() {
        if (!verdictsTold) {
            lookAtVerdicts();
            return;
        }
        plans.forEach(PlanWatch::look);
        onDemand.look();
        updateOneServer();
    }

    /** Waits until every set has its verdict, so that the fleet is told of once and whole. */
    private void lookAtVerdicts() {
        JsonNode servers = services.planner().read("/fleet");
        List<JsonNode> sets = new ArrayList<>();
        for (JsonNode server : servers) {
            server.path("backupSets").forEach(set -> {
                if (set.path("mode").asText().equals("MAPI") && set.path("risk").isTextual()) {
                    sets.add(set);
                }
            });
        }
        boolean mailboxesKnown = tenantIds.values().stream()
                        .mapToInt(tenant -> services.inventory()
                                .read("/tenants/" + tenant + "/mailboxes")
                                .size())
                        .sum()
                >= fleet.mailboxes().size();
        boolean planned = sets.stream()
                .allMatch(set -> set.path("risk").asText().equals("UNAFFECTED")
                        || set.path("plan").isTextual());
        if (sets.size() < fleet.servers().size() || !mailboxesKnown || !planned) {
            return;
        }
        verdictsTold = true;
        tellVerdicts();
        addMailboxes(sets);
    }

    private void tellVerdicts() {
        line("");
        line(screen.bold("The risk of each MAPI backup set"));
        tenantIds.forEach((name, id) -> services.planner()
                .read("/tenants/" + id + "/verdicts")
                .forEach(verdict -> {
                    line(String.format(
                            Locale.ROOT,
                            "  %-20s %-20s %s",
                            name,
                            verdict.path("name").asText(),
                            coloured(verdict.path("risk").asText())));
                    Paragraph.lines(verdict.path("sentence").asText(), screen, 6)
                            .forEach(part -> line("      " + part));
                }));
        line("");
        line(screen.bold("The transition"));
    }

    private String coloured(String risk) {
        String text = String.format(Locale.ROOT, "%-10s", risk);
        return switch (risk) {
            case "UNAFFECTED" -> screen.good(text);
            case "BROKEN" -> screen.bad(text);
            default -> screen.warning(text);
        };
    }

    /** A bar for each mailbox; those of sets without a plan are exported on demand. */
    private void addMailboxes(List<JsonNode> sets) {
        Map<String, String> ids = new HashMap<>();
        Map<String, String> setOf = new HashMap<>();
        tenantIds
                .values()
                .forEach(tenant -> services.inventory()
                        .read("/tenants/" + tenant + "/mailboxes")
                        .forEach(mailbox -> {
                            String address = mailbox.path("address").asText().toLowerCase(Locale.ROOT);
                            ids.put(address, mailbox.path("mailboxId").asText());
                            setOf.put(
                                    address, mailbox.path("backupSets").path(0).asText());
                        }));
        for (FleetControl.SimulatedServer server : fleet.servers()) {
            for (FleetControl.SimulatedMailbox truth : server.mailboxes()) {
                String key = truth.address().toLowerCase(Locale.ROOT);
                Ferried ferried = new Ferried(server.tenant(), truth, board.add(truth.address()));
                ferried.known(Optional.ofNullable(ids.get(key))
                        .orElseThrow(
                                () -> new StackFailure("inventory-service does not know a mailbox of the fleet.")));
                byAddress.put(key, ferried);
                byId.put(ferried.mailboxId(), ferried);
                boolean planned = sets.stream()
                        .anyMatch(set -> set.path("backupSet").asText().equals(setOf.get(key))
                                && set.path("plan").isTextual());
                if (!planned) {
                    onDemand.add(tenantIds.getOrDefault(server.tenant(), ""), ferried);
                }
            }
        }
        tenantIds.forEach((name, tenant) -> services.planner()
                .read("/tenants/" + tenant + "/plans")
                .forEach(plan -> plans.add(new PlanWatch(
                        services.planner(),
                        plan.path("plan").asText(),
                        name + ", " + plan.path("name").asText(),
                        byId,
                        this::say))));
    }

    /** The administrator who installs CU23 while Mailferry reads: agents and EWS tell of it, plans take it into account. */
    private void updateOneServer() {
        if (updated) {
            return;
        }
        for (FleetControl.SimulatedServer server : fleet.servers()) {
            boolean begun = server.mailboxes().stream()
                    .map(mailbox -> byAddress.get(mailbox.address().toLowerCase(Locale.ROOT)))
                    .anyMatch(mailbox -> mailbox != null && (mailbox.isMoving() || mailbox.isExported()));
            if (server.isUpdated() && begun) {
                String build = control.update(server.name());
                updated = true;
                say(
                        server.tenant() + ": an administrator has just updated " + server.name() + " to CU23 (" + build
                                + "), while its mailboxes are exported",
                        screen::warning);
            }
        }
    }

    /** Which items are skipped, and not only how many, so that a spoiled item cannot stand in for a lost one. */
    private void readRestorePoint(Ferried mailbox) {
        String points =
                "/tenants/" + tenantIds.get(mailbox.tenant()) + "/mailboxes/" + mailbox.mailboxId() + "/restore-points";
        JsonNode newest = services.restore().read(points).path(0);
        mailbox.stored(newest.path("items").asLong());
        Set<String> skipped = new HashSet<>();
        services.restore()
                .read(points + "/" + newest.path("restorePoint").asText() + "/skipped-items")
                .forEach(item -> skipped.add(item.path("itemId").asText()));
        mailbox.skippedItems(skipped, control.unreadable(mailbox.truth()));
    }

    private void say(String text) {
        say(text, UnaryOperator.identity());
    }

    private void say(String text, UnaryOperator<String> style) {
        String when = String.format(Locale.ROOT, "  %5.1f s  ", elapsed.get().toMillis() / 1000.0);
        String before = when;
        for (String part : Paragraph.lines(text, screen, when.length())) {
            board.say(before + style.apply(part));
            before = " ".repeat(when.length());
        }
    }

    private void line(String text) {
        board.say(text);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted", e);
        }
    }
}
