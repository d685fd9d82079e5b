package io.mailferry.planner.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.messaging.cloudevents.EventMapper;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command's state as columns, and back.
 *
 * @param heardAt only of a running command
 * @param word the cause of a failure or rejection
 * @param givenUpAt only of a success that came after its command was given up
 */
record CommandColumns(
        Name state,
        Instant since,
        @Nullable Instant heardAt,
        @Nullable String word,
        @Nullable String category,
        @Nullable String outcome,
        @Nullable Instant givenUpAt) {
    enum Name {
        ISSUED,
        DELIVERED,
        RUNNING,
        SUCCEEDED,
        FAILED,
        REJECTED,
        CANCELLED,
        EXPIRED
    }

    private static final ObjectMapper MAPPER = EventMapper.create();

    static CommandColumns of(CommandState state) {
        return switch (state) {
            case CommandState.Issued issued -> plain(Name.ISSUED, issued.since());
            case CommandState.Delivered delivered -> plain(Name.DELIVERED, delivered.since());
            case CommandState.Running running ->
                new CommandColumns(Name.RUNNING, running.since(), running.heardAt(), null, null, null, null);
            case CommandState.Succeeded succeeded ->
                new CommandColumns(
                        Name.SUCCEEDED,
                        succeeded.since(),
                        null,
                        null,
                        null,
                        json(succeeded.outcome()),
                        succeeded.givenUpAt().orElse(null));
            case CommandState.Failed failed ->
                new CommandColumns(
                        Name.FAILED,
                        failed.since(),
                        null,
                        failed.cause(),
                        failed.category().name(),
                        null,
                        null);
            case CommandState.Rejected rejected ->
                new CommandColumns(Name.REJECTED, rejected.since(), null, rejected.cause(), null, null, null);
            case CommandState.Cancelled cancelled -> plain(Name.CANCELLED, cancelled.since());
            case CommandState.Expired expired -> plain(Name.EXPIRED, expired.since());
        };
    }

    CommandState toState() {
        return switch (state) {
            case ISSUED -> new CommandState.Issued(since);
            case DELIVERED -> new CommandState.Delivered(since);
            case RUNNING -> new CommandState.Running(since, Objects.requireNonNull(heardAt));
            case SUCCEEDED ->
                new CommandState.Succeeded(
                        since, outcome(Objects.requireNonNull(outcome)), Optional.ofNullable(givenUpAt));
            case FAILED ->
                new CommandState.Failed(
                        since, FailureCategory.valueOf(Objects.requireNonNull(category)), Objects.requireNonNull(word));
            case REJECTED -> new CommandState.Rejected(since, Objects.requireNonNull(word));
            case CANCELLED -> new CommandState.Cancelled(since);
            case EXPIRED -> new CommandState.Expired(since);
        };
    }

    static String json(Outcome outcome) {
        try {
            return MAPPER.writeValueAsString(outcome);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an outcome can always be written as JSON", e);
        }
    }

    static Outcome outcome(String json) {
        try {
            return MAPPER.readValue(json, Outcome.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an outcome column is unreadable");
        }
    }

    private static CommandColumns plain(Name name, Instant since) {
        return new CommandColumns(name, since, null, null, null, null, null);
    }
}
