package io.mailferry.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.planner.command.CommandState;
import io.mailferry.planner.risk.Risk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A set, its plans, and everybody who answers commands, without rows and without Kafka: what the service does in
 * transactions is done here in memory, and receivers answer as badly as they may: twice, late, out of order or never.
 * Invariants are held after each action.
 */
final class ModelWorld {
    private static final Limits LIMITS = new Limits(
            2,
            2,
            2,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofHours(1),
            Duration.ofHours(1),
            new Skippable(1, 10, 10));
    private static final Duration SILENCE = Duration.ofHours(2);

    private final Fleetlet fleet = new Fleetlet(2);
    private final TenantId tenant = TenantId.random();
    private final BackupSetId set = BackupSetId.random();
    private final Map<CommandId, Issued> commands = new HashMap<>();
    private final List<CommandResult> underWay = new ArrayList<>();
    private final Set<RestorePointId> exported = new HashSet<>();
    private final Set<MailboxId> proven = new HashSet<>();
    private final Map<CommandId, Integer> effects = new HashMap<>();
    private final List<Plan> plans = new ArrayList<>();
    private long ids;
    private final Transition transition = new Transition(LIMITS, () -> new CommandId(new UUID(1, ++ids)));
    private Instant now = Instant.parse("2021-05-01T10:00:00Z");

    private record Issued(TransitionCommand command, int plan, String step, CommandState state) {}

    ModelWorld() {
        reconcile();
    }

    /** One thing that happens; every number means one. */
    void act(int number) {
        int choice = number / 16;
        switch (number % 16) {
            case 0, 1, 2, 3, 4, 5 -> deliver(choice);
            case 6 -> deliverAndRepeat(choice);
            case 7 -> lose(choice);
            case 8 -> pass(Duration.ofSeconds(choice % 90));
            case 9 -> pass(Duration.ofHours(1 + choice % 3));
            case 10 -> {
                fleet.risk = Risk.values()[choice % Risk.values().length];
                reconcile();
            }
            case 11 -> {
                fleet.connected = choice % 4 != 0;
                reconcile();
            }
            case 12 -> {
                if (choice % 3 == 0) {
                    fleet.agentVersion = Fleetlet.EWS_FROM;
                }
                reconcile();
            }
            case 13 -> retrySomething(choice);
            case 14 -> restart();
            case 15 -> {
                switch (choice % 6) {
                    case 0 -> fleet.join();
                    case 1 -> fleet.announced = fleet.mailboxes.size() + choice % 2;
                    case 2 -> fleet.scheduleEnabled = !fleet.scheduleEnabled;
                    case 3 -> fleet.retentionEnabled = !fleet.retentionEnabled;
                    case 4 -> fleet.publicFolders = new PublicFolders(choice % 2, 0);
                    default -> {}
                }
                reconcile();
            }
            default -> throw new IllegalStateException();
        }
        holdInvariants();
    }

    /** From here on everybody answers well; the plan must come to an end or ask. */
    void settle() {
        fleet.connected = true;
        fleet.risk = fleet.risk == Risk.UNKNOWN ? Risk.DEGRADED : fleet.risk;
        fleet.announced = fleet.mailboxes.size();
        reconcile();
        for (int round = 0; round < 400 && !atRest(); round++) {
            while (!underWay.isEmpty()) {
                deliver(0);
            }
            pass(Duration.ofMinutes(30));
            holdInvariants();
        }
        assertThat(plans).allMatch(plan -> !plan.isActive() || plan.state() instanceof PlanState.Asking);
    }

    private boolean atRest() {
        boolean nothingOpen = commands.values().stream().noneMatch(each -> each.state() instanceof CommandState.Open);
        return nothingOpen
                && underWay.isEmpty()
                && plans.stream()
                        .flatMap(plan -> plan.isActive() ? plan.steps().stream() : Stream.empty())
                        .noneMatch(step -> step.state() instanceof StepState.Pausing);
    }

    private void reconcile() {
        Optional<Plan> active = plans.stream().filter(Plan::isActive).findFirst();
        boolean done = plans.stream().anyMatch(plan -> plan.state() instanceof PlanState.Done);
        if (active.isPresent()) {
            advance(plans.indexOf(active.get()));
        } else if (Transition.wantsPlan(BackupMode.MAPI, fleet.risk, false, done)) {
            plans.add(Plan.make(PlanId.random(), tenant, fleet.server, set, now));
            advance(plans.size() - 1);
        }
    }

    private void advance(int index) {
        Plan before = plans.get(index);
        Transition.Decision decision = transition.advance(before, fleet.situation(), now);
        plans.set(index, decision.plan());
        for (Transition.Order order : decision.orders()) {
            issue(index, order);
        }
        assertThat(before.isActive() && decision.plan().state() instanceof PlanState.Done && fleet.publicFolders.any())
                .as("no plan is done that leaves public folders behind")
                .isFalse();
        Transition.Decision again = transition.advance(decision.plan(), fleet.situation(), now);
        assertThat(again.orders()).as("advancing again orders nothing").isEmpty();
        assertThat(again.plan()).as("advancing again changes nothing").isEqualTo(decision.plan());
    }

    private void issue(int plan, Transition.Order order) {
        TransitionCommand command = order.command();
        assertThat(commands).as("a command id is used once").doesNotContainKey(command.command());
        assertThat(commands.values())
                .as("one open command for a step")
                .noneMatch(each -> each.plan() == plan
                        && each.step().equals(order.step())
                        && each.state() instanceof CommandState.Open);
        if (command instanceof TransitionCommand.DisableMapiSchedule) {
            assertThat(fleet.risk == Risk.BROKEN
                            || (!fleet.publicFolders.any()
                                    && !fleet.mailboxes.isEmpty()
                                    && fleet.mailboxes.stream().allMatch(each -> proven.contains(each.mailbox()))))
                    .as("no schedule disabled while it is the only working backup")
                    .isTrue();
        }
        if (command instanceof TransitionCommand.FreezeMapiRetention) {
            assertThat(fleet.risk).isNotIn(Risk.BROKEN, Risk.UNKNOWN);
        }
        commands.put(command.command(), new Issued(command, plan, order.step(), new CommandState.Issued(now)));
        answer(command);
    }

    /** What a receiver says of a command, in its own order; the bag they lie in has none. */
    private void answer(TransitionCommand command) {
        CommandId id = command.command();
        underWay.add(new CommandResult.CommandDelivered(tenant, fleet.server, id));
        underWay.add(new CommandResult.CommandAccepted(tenant, fleet.server, id));
        underWay.add(new CommandResult.CommandProgressed(tenant, fleet.server, id, 1, 1, 2));
        underWay.add(ending(command, Math.floorMod(id.value().getLeastSignificantBits() * 31 + plans.size(), 7)));
    }

    private CommandResult ending(TransitionCommand command, int luck) {
        CommandId id = command.command();
        return switch (luck) {
            case 0 -> new CommandResult.CommandFailed(tenant, fleet.server, id, FailureCategory.TRANSIENT, "BUSY");
            case 1 -> new CommandResult.CommandFailed(tenant, fleet.server, id, FailureCategory.PERMANENT, "REFUSED");
            case 2 -> new CommandResult.CommandSucceeded(tenant, fleet.server, id, outcome(command, false));
            default -> new CommandResult.CommandSucceeded(tenant, fleet.server, id, outcome(command, true));
        };
    }

    private Outcome outcome(TransitionCommand command, boolean good) {
        return switch (command) {
            case TransitionCommand.EscrowAgentSettings _ -> new Outcome.SettingsEscrowed("t/escrow", "ab");
            case TransitionCommand.UpgradeAgent upgrade -> new Outcome.AgentVersionReached(upgrade.minimumVersion());
            case TransitionCommand.CreateEwsBackupSet _ -> new Outcome.EwsSetCreated("17");
            case TransitionCommand.FreezeMapiRetention _ -> new Outcome.RetentionFrozen();
            case TransitionCommand.DisableMapiSchedule _ -> new Outcome.ScheduleDisabled();
            case TransitionCommand.DeleteMapiBackupSet _, TransitionCommand.CancelCommand _ ->
                throw new AssertionError("no plan orders this");
            case TransitionCommand.ExportMailbox _ ->
                new Outcome.ExportFinished(RestorePointId.random(), 9, Map.of(), 9, good);
            case TransitionCommand.VerifyRestorePoint verify ->
                new Outcome.RestorePointProven(verify.restorePoint().orElseThrow(), 9, 9, 0, good ? 0 : 1, good);
        };
    }

    private void deliver(int choice) {
        if (!underWay.isEmpty()) {
            take(underWay.remove(choice % underWay.size()));
        }
    }

    private void deliverAndRepeat(int choice) {
        if (!underWay.isEmpty()) {
            CommandResult result = underWay.get(choice % underWay.size());
            take(result);
            take(result);
        }
    }

    private void lose(int choice) {
        if (!underWay.isEmpty()) {
            underWay.remove(choice % underWay.size());
        }
    }

    private void take(CommandResult result) {
        Issued issued = commands.get(result.command());
        settle(issued, issued.state().on(result, now));
    }

    private void settle(Issued issued, CommandState after) {
        if (after == issued.state()) {
            return;
        }
        CommandId id = issued.command().command();
        commands.put(id, new Issued(issued.command(), issued.plan(), issued.step(), after));
        if (after instanceof CommandState.Ended ended) {
            witness(issued, ended);
            Plan before = plans.get(issued.plan());
            plans.set(issued.plan(), transition.on(before, issued.step(), id, ended, now));
            boolean done = !isDone(before, issued.step()) && isDone(plans.get(issued.plan()), issued.step());
            if (done) {
                effects.merge(id, 1, Integer::sum);
            }
            advance(issued.plan());
        }
    }

    private static boolean isDone(Plan plan, String step) {
        return plan.step(step).orElseThrow().state() instanceof StepState.Done;
    }

    /** What the test itself knows of proofs, apart from the plan. */
    private void witness(Issued issued, CommandState.Ended ended) {
        if (!(ended instanceof CommandState.Succeeded succeeded)) {
            return;
        }
        if (succeeded.outcome() instanceof Outcome.ExportFinished finished
                && issued.command() instanceof TransitionCommand.ExportMailbox) {
            exported.add(finished.restorePoint());
        }
        if (succeeded.outcome() instanceof Outcome.RestorePointProven proof
                && issued.command() instanceof TransitionCommand.VerifyRestorePoint verify
                && proof.damaged() == 0
                && proof.complete()) {
            assertThat(exported).as("only what was exported is proven").contains(proof.restorePoint());
            proven.add(verify.mailbox());
        }
    }

    private void pass(Duration time) {
        now = now.plus(time);
        List<Issued> overdue = commands.values().stream()
                .filter(each -> each.state() instanceof CommandState.Open open && isOverdue(each, open))
                .toList();
        for (Issued each : overdue) {
            if (each.state() instanceof CommandState.Open open) {
                settle(each, open.expire(now));
            }
        }
        reconcile();
    }

    private boolean isOverdue(Issued issued, CommandState.Open open) {
        return switch (open) {
            case CommandState.Issued _, CommandState.Delivered _ ->
                now.isAfter(issued.command().expiresAt());
            case CommandState.Running running -> now.isAfter(running.heardAt().plus(SILENCE));
        };
    }

    private void retrySomething(int choice) {
        if (plans.isEmpty()) {
            return;
        }
        int index = plans.size() - 1;
        List<Step> steps = plans.get(index).steps();
        Step step = steps.get(choice % steps.size());
        transition.retry(plans.get(index), step.key(), now).ifPresent(plan -> {
            plans.set(index, plan);
            advance(index);
        });
    }

    /** Forgets everything but what is in the columns. */
    private void restart() {
        plans.replaceAll(plan -> {
            List<Step> steps = plan.steps().stream()
                    .map(step -> new Step(
                            Work.of(step.key()), StepColumns.of(step.state()).toState()))
                    .toList();
            Plan read = plan.with(PlanColumns.of(plan.state()).toState(), steps);
            assertThat(read).isEqualTo(plan);
            return read;
        });
        reconcile();
    }

    private void holdInvariants() {
        assertThat(plans.stream().filter(Plan::isActive).count())
                .as("one active plan for a set")
                .isLessThanOrEqualTo(1);
        assertThat(effects.values()).as("each command effective once").allMatch(count -> count == 1);
        for (Plan plan : plans) {
            assertThat(inFlight(plan, Work.Export.class)).isLessThanOrEqualTo(LIMITS.exportsAtOnce());
            assertThat(inFlight(plan, Work.Verify.class)).isLessThanOrEqualTo(LIMITS.verificationsAtOnce());
            assertThat(plan.steps()).allMatch(step -> step.state().attempts() <= LIMITS.attemptsMax());
            boolean failed = plan.steps().stream().anyMatch(step -> step.state() instanceof StepState.Failed);
            assertThat(failed && plan.isActive())
                    .as("a failed step asks")
                    .isEqualTo(failed && plan.state() instanceof PlanState.Asking);
        }
    }

    private static long inFlight(Plan plan, Class<? extends Work> kind) {
        return plan.steps().stream()
                .filter(step -> kind.isInstance(step.work()) && step.state() instanceof StepState.Commanded)
                .count();
    }
}
