package io.mailferry.stack.bench;

import io.mailferry.cli.rest.RestClient;
import io.mailferry.stack.LocalStack;
import io.mailferry.stack.ServiceKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** All loads with one number of agents, one after the other, each for a bounded time. */
final class Phases {
    private static final double UNCHANGED_WANTED = 2_000;
    private static final double CHANGED_WANTED = 700;
    private static final double P99_MILLIS_WANTED = 250;
    private static final double BARE_PERCENT_WANTED = 60;
    /** Until everything that was told is in the inventory, however slow the machine. */
    private static final Duration APPLIED_WITHIN = Duration.ofMinutes(3);

    private final LocalStack stack;
    private final AppliedRows applied;
    private final RestClient inventory;
    private final int agents;
    private final Duration during;
    private final Consumer<String> tell;
    private final List<Result> results = new ArrayList<>();
    private double residentMegabytes;

    Phases(LocalStack stack, RestClient inventory, int agents, Duration during, Consumer<String> tell) {
        this.stack = stack;
        this.applied = new AppliedRows(stack);
        this.inventory = inventory;
        this.agents = agents;
        this.during = during;
        this.tell = tell;
    }

    List<Result> measure() {
        Fleet fleet = Fleet.of(inventory, agents);
        try (Load load = new Load(stack.service(ServiceKind.INVENTORY).url(), agents)) {
            tell.accept(agents + " agents enrol and tell their first status");
            fleet.begin(load, APPLIED_WITHIN);
            fleet.awaitInventory(APPLIED_WITHIN);
            // The compiler is to have seen each path before it is measured.
            load.run(fleet.unchanged(), Pace.full(during.dividedBy(2)));
            load.run(fleet.bare(), Pace.full(during.dividedBy(2)));
            load.run(fleet.changed(), Pace.full(during));
            var _ = settle(fleet, load);
            unchanged(fleet, load);
            changed(fleet, load);
        }
        return List.copyOf(results);
    }

    /** Returns when the inventory holds what was told; gives the moment when PostgreSQL did. */
    private long settle(Fleet fleet, Load load) {
        fleet.settle(load, APPLIED_WITHIN);
        applied.await(fleet.told(), APPLIED_WITHIN);
        long atNanos = System.nanoTime();
        fleet.awaitInventory(APPLIED_WITHIN);
        return atNanos;
    }

    /** Of the service after all loads. */
    double residentMegabytes() {
        return residentMegabytes;
    }

    private void unchanged(Fleet fleet, Load load) {
        tell.accept(agents + " agents tell that nothing changed");
        Costs before = Costs.of(stack);
        Figures full = load.run(fleet.unchanged(), Pace.full(during));
        Costs costs = Costs.of(stack).since(before);
        add(Result.atLeast(name("unchanged"), full.perSecond(), "heartbeats/s", UNCHANGED_WANTED));
        costs("unchanged", full, costs);
        double bare = load.run(fleet.bare(), Pace.full(during)).perSecond();
        add(Result.of(name("bare endpoint"), bare, "requests/s"));
        add(Result.atLeast(
                name("unchanged beside bare"), 100 * full.perSecond() / bare, "% of bare", BARE_PERCENT_WANTED));
        latency("unchanged", load.run(fleet.unchanged(), Pace.steady((int) UNCHANGED_WANTED / 2, during)));
    }

    private void changed(Fleet fleet, Load load) {
        tell.accept(agents + " agents tell changes");
        Costs before = Costs.of(stack);
        Figures full = load.run(fleet.changed(), Pace.full(during));
        double through = full.perSecondUntil(settle(fleet, load));
        Costs costs = Costs.of(stack).since(before);
        add(Result.atLeast(name("changed, into PostgreSQL"), through, "heartbeats/s", CHANGED_WANTED));
        costs("changed", full, costs);
        Figures half = load.run(fleet.changed(), Pace.steady((int) CHANGED_WANTED / 2, during));
        latency("changed", half);
        var _ = settle(fleet, load);
        residentMegabytes =
                Costs.residentMegabytes(stack.service(ServiceKind.INVENTORY).pid());
        add(Result.of(name("memory of inventory-service"), residentMegabytes, "MB resident"));
    }

    private void costs(String what, Figures figures, Costs costs) {
        double count = Math.max(1, figures.count());
        add(Result.of(name(what + ", service's processor"), costs.serviceMillis() / count, "ms/heartbeat"));
        add(Result.of(name(what + ", all processors"), costs.machineMillis() / count, "ms/heartbeat"));
        add(Result.of(name(what + ", written to PostgreSQL"), costs.walBytes() / count, "bytes/heartbeat"));
        add(Result.of(name(what + ", written to Kafka"), costs.kafkaBytes() / count, "bytes/heartbeat"));
        add(Result.atMost(name(what + ", told to come again"), figures.refusals(), "heartbeats", 0));
    }

    private void latency(String what, Figures figures) {
        add(Result.of(name(what + " at half, rate"), figures.perSecond(), "heartbeats/s"));
        add(Result.of(name(what + " at half, p50"), figures.millis(0.5), "ms"));
        add(Result.below(name(what + " at half, p99"), figures.millis(0.99), "ms", P99_MILLIS_WANTED));
    }

    private String name(String what) {
        return agents + " agents: " + what;
    }

    private void add(Result result) {
        results.add(result);
        tell.accept(String.format(Locale.ROOT, "  %s %.2f %s", result.name(), result.value(), result.unit()));
    }
}
