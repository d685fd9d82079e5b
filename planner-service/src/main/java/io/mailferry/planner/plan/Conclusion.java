package io.mailferry.planner.plan;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.planner.command.CommandState;
import io.mailferry.planner.rule.AgentVersion;
import java.time.Instant;
import java.util.Optional;

/** What the end of a command means for its step: done, tried again, or a question to an operator. */
final class Conclusion {
    static final String EXPIRED = "EXPIRED";
    static final String CANCELLED = "CANCELLED";
    static final String RESTORE_POINT_INCOMPLETE = "RESTORE_POINT_INCOMPLETE";
    static final String RESTORE_POINT_DAMAGED = "RESTORE_POINT_DAMAGED";
    static final String OTHER_RESTORE_POINT = "OTHER_RESTORE_POINT";
    static final String TOO_MANY_SKIPPED = "TOO_MANY_SKIPPED";
    static final String AGENT_VERSION_UNREADABLE = "AGENT_VERSION_UNREADABLE";
    static final String UNEXPECTED_OUTCOME = "UNEXPECTED_OUTCOME";

    private final Limits limits;
    private final Plan plan;
    private final Step step;
    private final Instant now;

    Conclusion(Limits limits, Plan plan, Step step, Instant now) {
        this.limits = limits;
        this.plan = plan;
        this.step = step;
        this.now = now;
    }

    /** Whether a failed verification calls for a new export. */
    static boolean blamesTheRestorePoint(String word) {
        return switch (word) {
            case RESTORE_POINT_INCOMPLETE, RESTORE_POINT_DAMAGED, OTHER_RESTORE_POINT, TOO_MANY_SKIPPED -> true;
            case String _ -> false;
        };
    }

    Step of(CommandId command, CommandState.Ended ending) {
        return step.in(
                switch (step.state()) {
                    case StepState.Commanded commanded
                    when commanded.command().equals(command) -> awaited(commanded, ending);
                    case StepState.Commanded commanded -> earlier(commanded, ending);
                    case StepState.Pausing pausing ->
                        goodOutcome(ending)
                                .<StepState>map(outcome -> pausing.done(outcome, now))
                                .orElse(pausing);
                    case StepState.Failed failed ->
                        goodOutcome(ending)
                                .<StepState>map(outcome -> failed.done(outcome, now))
                                .orElse(failed);
                    case StepState.Waiting waiting -> waiting;
                    case StepState.Done done -> done;
                    case StepState.Skipped skipped -> skipped;
                });
    }

    /**
     * An earlier command, given up meanwhile. What an agent did is done, whichever command made it do so. A restore point
     * that came late is not taken: the export that took its place makes a newer one, and that is waited for.
     */
    private StepState earlier(StepState.Commanded commanded, CommandState.Ended ending) {
        return switch (step.work()) {
            case Work.EscrowSettings _,
                    Work.FreezeRetention _,
                    Work.UpgradeAgent _,
                    Work.CreateEwsSet _,
                    Work.DisableSchedule _ ->
                goodOutcome(ending)
                        .<StepState>map(outcome -> commanded.done(outcome, now))
                        .orElse(commanded);
            case Work.Export _, Work.Verify _ -> commanded;
        };
    }

    private StepState awaited(StepState.Commanded commanded, CommandState.Ended ending) {
        return switch (ending) {
            case CommandState.Succeeded succeeded ->
                flaw(succeeded.outcome())
                        .map(flaw -> failed(commanded, flaw.category(), flaw.word(), Optional.of(succeeded.outcome())))
                        .orElseGet(() -> commanded.done(succeeded.outcome(), now));
            case CommandState.Failed failed -> failed(commanded, failed.category(), failed.cause(), Optional.empty());
            case CommandState.Rejected rejected ->
                failed(commanded, FailureCategory.PERMANENT, rejected.cause(), Optional.empty());
            // Whoever took it back decides whether it is asked for again.
            case CommandState.Cancelled _ -> failed(commanded, FailureCategory.PERMANENT, CANCELLED, Optional.empty());
            case CommandState.Expired _ -> failed(commanded, FailureCategory.TRANSIENT, EXPIRED, Optional.empty());
        };
    }

    private StepState failed(
            StepState.Commanded commanded, FailureCategory category, String word, Optional<Outcome> notEnough) {
        boolean mayPass = switch (category) {
            case TRANSIENT, THROTTLED -> true;
            case PERMANENT, POISON -> false;
        };
        return mayPass && commanded.attempts() < limits.attemptsMax()
                ? commanded.pause(limits.pauseAfter(commanded.attempts()), category, word, notEnough, now)
                : commanded.fail(category, word, notEnough, now);
    }

    private Optional<Outcome> goodOutcome(CommandState.Ended ending) {
        return ending instanceof CommandState.Succeeded succeeded
                        && flaw(succeeded.outcome()).isEmpty()
                ? Optional.of(succeeded.outcome())
                : Optional.empty();
    }

    /** Why a success is not good enough for this step. */
    private record Flaw(FailureCategory category, String word) {}

    private Optional<Flaw> flaw(Outcome outcome) {
        return switch (outcome) {
            case Outcome.SettingsEscrowed _ -> expect(step.work() instanceof Work.EscrowSettings);
            case Outcome.EwsSetCreated _ -> expect(step.work() instanceof Work.CreateEwsSet);
            case Outcome.RetentionFrozen _ -> expect(step.work() instanceof Work.FreezeRetention);
            // No plan has such a step yet.
            case Outcome.BackupSetDeleted _ -> expect(false);
            case Outcome.ScheduleDisabled _ -> expect(step.work() instanceof Work.DisableSchedule);
            case Outcome.AgentVersionReached reached -> {
                Optional<Flaw> unexpected = expect(step.work() instanceof Work.UpgradeAgent);
                yield unexpected.isPresent()
                                || AgentVersion.parse(reached.version()).isPresent()
                        ? unexpected
                        : Optional.of(new Flaw(FailureCategory.PERMANENT, AGENT_VERSION_UNREADABLE));
            }
            case Outcome.ExportFinished finished -> {
                Optional<Flaw> unexpected = expect(step.work() instanceof Work.Export);
                yield unexpected.isPresent() ? unexpected : flawOf(finished);
            }
            case Outcome.RestorePointProven proven -> flawOf(proven);
        };
    }

    /** Both may pass: folders change while they are read, and each run tries again what was skipped. */
    private Optional<Flaw> flawOf(Outcome.ExportFinished finished) {
        if (!finished.complete()) {
            return Optional.of(new Flaw(FailureCategory.TRANSIENT, RESTORE_POINT_INCOMPLETE));
        }
        long skipped =
                finished.skipped().values().stream().mapToLong(Long::longValue).sum();
        return limits.skippable().allows(finished.items(), skipped)
                ? Optional.empty()
                : Optional.of(new Flaw(FailureCategory.TRANSIENT, TOO_MANY_SKIPPED));
    }

    private Optional<Flaw> flawOf(Outcome.RestorePointProven proven) {
        if (!(step.work() instanceof Work.Verify verify)) {
            return expect(false);
        }
        if (!Optional.of(proven.restorePoint()).equals(exported(plan, verify))) {
            return Optional.of(new Flaw(FailureCategory.PERMANENT, OTHER_RESTORE_POINT));
        }
        if (proven.damaged() > 0) {
            return Optional.of(new Flaw(FailureCategory.PERMANENT, RESTORE_POINT_DAMAGED));
        }
        if (!proven.complete()) {
            return Optional.of(new Flaw(FailureCategory.PERMANENT, RESTORE_POINT_INCOMPLETE));
        }
        return limits.skippable().allows(proven.items(), proven.skipped())
                ? Optional.empty()
                : Optional.of(new Flaw(FailureCategory.PERMANENT, TOO_MANY_SKIPPED));
    }

    /** The restore point that the export of this mailbox brought about. */
    static Optional<RestorePointId> exported(Plan plan, Work.Verify verify) {
        return plan.step(new Work.Export(verify.of()).key())
                .map(Step::state)
                .filter(StepState.Done.class::isInstance)
                .map(StepState.Done.class::cast)
                .map(StepState.Done::outcome)
                .filter(Outcome.ExportFinished.class::isInstance)
                .map(Outcome.ExportFinished.class::cast)
                .map(Outcome.ExportFinished::restorePoint);
    }

    private static Optional<Flaw> expect(boolean isOfThisStep) {
        return isOfThisStep ? Optional.empty() : Optional.of(new Flaw(FailureCategory.PERMANENT, UNEXPECTED_OUTCOME));
    }
}
