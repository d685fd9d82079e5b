package io.mailferry.planner.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.messaging.cloudevents.EventMapper;
import io.mailferry.planner.command.Command;
import io.mailferry.planner.risk.Uncovered;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plan as an operator sees it.
 *
 * @param state RUNNING, WAITING_FOR_ENDPOINT, ASKING, DONE or WITHDRAWN
 * @param questions what an operator should see to; empty unless the plan is ASKING
 * @param uncovered parts of the set that the plan does not carry over, each with its cause
 */
public record PlanView(
        PlanId plan,
        TenantId tenant,
        ServerId server,
        BackupSetId backupSet,
        String state,
        Instant since,
        Instant madeAt,
        List<QuestionView> questions,
        List<Uncovered> uncovered,
        List<StepView> steps) {
    private static final ObjectMapper MAPPER = EventMapper.create();

    /** @param word what is wrong with the step */
    public record QuestionView(String step, String word, String remedy) {}

    /**
     * @param step its key, which a retry names
     * @param state WAITING, COMMANDED, PAUSING, DONE, SKIPPED or FAILED
     * @param reason why it waits or was skipped
     * @param cause why it paused or failed
     * @param due when a pausing step goes on
     * @param outcome what it brought about; of a pausing or failed step, what was not good enough
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record StepView(
            String step,
            Optional<MailboxId> mailbox,
            String state,
            Instant since,
            int attempts,
            Optional<CommandId> command,
            Optional<Command.Progress> progress,
            Optional<String> reason,
            Optional<String> cause,
            Optional<FailureCategory> category,
            Optional<Instant> due,
            Optional<JsonNode> outcome) {}

    static PlanView of(Plan plan, List<Uncovered> uncovered, Map<CommandId, Command.Progress> progress) {
        List<QuestionView> questions = plan.state() instanceof PlanState.Asking asking
                ? asking.questions().stream()
                        .map(question -> new QuestionView(question.step(), question.word(), question.remedy()))
                        .toList()
                : List.of();
        return new PlanView(
                plan.plan(),
                plan.tenant(),
                plan.server(),
                plan.mapiSet(),
                PlanColumns.of(plan.state()).state().name(),
                plan.state().since(),
                plan.madeAt(),
                questions,
                uncovered,
                plan.steps().stream().map(step -> step(step, progress)).toList());
    }

    private static StepView step(Step step, Map<CommandId, Command.Progress> progress) {
        StepState state = step.state();
        StepColumns columns = StepColumns.of(state);
        Optional<String> word = Optional.ofNullable(columns.word());
        boolean stands = state instanceof StepState.Waiting || state instanceof StepState.Skipped;
        Optional<CommandId> command = Optional.ofNullable(columns.command());
        return new StepView(
                step.key(),
                step.work().mailbox(),
                columns.state().name(),
                state.since(),
                state.attempts(),
                command,
                command.map(progress::get),
                stands ? word : Optional.empty(),
                stands ? Optional.empty() : word,
                Optional.ofNullable(columns.category()).map(FailureCategory::valueOf),
                Optional.ofNullable(columns.due()),
                outcome(state).map(MAPPER::valueToTree));
    }

    private static Optional<Outcome> outcome(StepState state) {
        return switch (state) {
            case StepState.Done done -> Optional.of(done.outcome());
            case StepState.Pausing pausing -> pausing.notEnough();
            case StepState.Failed failed -> failed.notEnough();
            case StepState.Waiting _, StepState.Commanded _, StepState.Skipped _ -> Optional.empty();
        };
    }
}
