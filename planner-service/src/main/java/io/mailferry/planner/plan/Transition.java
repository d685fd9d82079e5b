package io.mailferry.planner.plan;

import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.planner.command.CommandState;
import io.mailferry.planner.risk.Risk;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How plans move: a pure function from a plan and what is known to the next plan and the commands it wants.
 *
 * <p>Two rules hold above all. Where MAPI still works, its schedule is disabled only after every mailbox of the set is
 * exported and verified, so that there is no day without a backup; where it is broken, the schedule is disabled at once.
 * Retention is frozen at once where MAPI still works, so that the history survives. They are two commands with two
 * results.
 *
 * <p>A set with public folders is never carried over whole, since no export reads them: where MAPI still works, its
 * schedule stays on and the frozen retention is the last step; wherever it stands, its plan asks instead of being done.
 */
final class Transition {
    private final Limits limits;
    private final Supplier<CommandId> commandIds;

    Transition(Limits limits, Supplier<CommandId> commandIds) {
        this.limits = limits;
        this.commandIds = commandIds;
    }

    /** A command that a step wants. */
    record Order(String step, TransitionCommand command) {}

    /** The next plan, and what to command with it in one transaction. */
    record Decision(Plan plan, List<Order> orders) {
        Decision {
            orders = List.copyOf(orders);
        }
    }

    /** Whether a set gets a plan: it needs its transition, none is under way, and none has been carried through. */
    static boolean wantsPlan(BackupMode mode, Risk risk, boolean active, boolean done) {
        return mode == BackupMode.MAPI && risk.needsTransition() && !active && !done;
    }

    /** Takes the plan as far as it can go now. Doing it again without news changes nothing and orders nothing. */
    Decision advance(Plan plan, Situation situation, Instant now) {
        return plan.isActive()
                ? new Advance(limits, commandIds, plan, situation, now).decide()
                : new Decision(plan, List.of());
    }

    /** The plan after a command of one of its steps ended. Whatever the step no longer waits for changes nothing. */
    Plan on(Plan plan, String key, CommandId command, CommandState.Ended ending, Instant now) {
        Optional<Step> step = plan.step(key);
        if (!plan.isActive() || step.isEmpty()) {
            return plan;
        }
        return plan.with(new Conclusion(limits, plan, step.get(), now).of(command, ending));
    }

    /**
     * The plan with a failed step to be tried again.
     *
     * @return empty if there is no such step, or it has not failed
     */
    Optional<Plan> retry(Plan plan, String key, Instant now) {
        Optional<Step> step = plan.step(key);
        if (step.isEmpty() || !plan.isActive() || !(step.get().state() instanceof StepState.Failed failed)) {
            return Optional.empty();
        }
        Plan retried = plan.with(step.get().in(failed.retry(now)));
        if (!(step.get().work() instanceof Work.Verify verify) || !Conclusion.blamesTheRestorePoint(failed.word())) {
            return Optional.of(retried);
        }
        // Proving the same restore point again would find the same; only a new export can make a better one.
        Optional<Step> export = retried.step(new Work.Export(verify.of()).key());
        return Optional.of(
                export.isPresent() && export.get().state() instanceof StepState.Done done
                        ? retried.with(export.get().in(done.again(now)))
                        : retried);
    }
}
