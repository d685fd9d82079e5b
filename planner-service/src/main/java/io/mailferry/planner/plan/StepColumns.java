package io.mailferry.planner.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.messaging.cloudevents.EventMapper;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A step's state as columns, and back.
 *
 * @param command only while commanded
 * @param due only while pausing
 * @param word the reason of waiting and skipping, the cause of pausing and failing
 * @param outcome what was brought about, also where it was not good enough
 */
record StepColumns(
        Name state,
        Instant since,
        int attempts,
        @Nullable CommandId command,
        @Nullable Instant due,
        @Nullable String word,
        @Nullable String category,
        @Nullable String outcome) {
    enum Name {
        WAITING,
        COMMANDED,
        PAUSING,
        DONE,
        SKIPPED,
        FAILED
    }

    private static final ObjectMapper MAPPER = EventMapper.create();

    static StepColumns of(StepState state) {
        return switch (state) {
            case StepState.Waiting waiting ->
                word(Name.WAITING, waiting, waiting.reason().name());
            case StepState.Commanded commanded ->
                new StepColumns(
                        Name.COMMANDED,
                        commanded.since(),
                        commanded.attempts(),
                        commanded.command(),
                        null,
                        null,
                        null,
                        null);
            case StepState.Pausing pausing ->
                new StepColumns(
                        Name.PAUSING,
                        pausing.since(),
                        pausing.attempts(),
                        null,
                        pausing.due(),
                        pausing.word(),
                        pausing.category().name(),
                        pausing.notEnough().map(StepColumns::json).orElse(null));
            case StepState.Done done ->
                new StepColumns(Name.DONE, done.since(), done.attempts(), null, null, null, null, json(done.outcome()));
            case StepState.Skipped skipped ->
                word(Name.SKIPPED, skipped, skipped.reason().name());
            case StepState.Failed failed ->
                new StepColumns(
                        Name.FAILED,
                        failed.since(),
                        failed.attempts(),
                        null,
                        null,
                        failed.word(),
                        failed.category().name(),
                        failed.notEnough().map(StepColumns::json).orElse(null));
        };
    }

    StepState toState() {
        return switch (state) {
            case WAITING -> new StepState.Waiting(since, StepState.Waiting.Reason.valueOf(need(word)));
            case COMMANDED -> new StepState.Commanded(since, attempts, need(command));
            case PAUSING -> new StepState.Pausing(since, attempts, need(due), failure(), need(word), notEnough());
            case DONE -> new StepState.Done(since, attempts, outcome(need(outcome)));
            case SKIPPED -> new StepState.Skipped(since, StepState.Skipped.Reason.valueOf(need(word)));
            case FAILED -> new StepState.Failed(since, attempts, failure(), need(word), notEnough());
        };
    }

    private Optional<Outcome> notEnough() {
        return Optional.ofNullable(outcome).map(StepColumns::outcome);
    }

    private FailureCategory failure() {
        return FailureCategory.valueOf(need(category));
    }

    private static StepColumns word(Name name, StepState state, String word) {
        return new StepColumns(name, state.since(), state.attempts(), null, null, word, null, null);
    }

    private static <T> T need(@Nullable T value) {
        return Objects.requireNonNull(value, "a column that this state needs is empty");
    }

    private static String json(Outcome outcome) {
        try {
            return MAPPER.writeValueAsString(outcome);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an outcome can always be written as JSON", e);
        }
    }

    private static Outcome outcome(String json) {
        try {
            return MAPPER.readValue(json, Outcome.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a step's outcome column is unreadable");
        }
    }
}
