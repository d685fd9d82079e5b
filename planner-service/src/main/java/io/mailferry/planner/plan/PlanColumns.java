package io.mailferry.planner.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.messaging.cloudevents.EventMapper;
import java.time.Instant;
import java.util.List;

/**
 * A plan's state as columns, and back.
 *
 * @param questions a JSON list, empty unless the plan asks
 */
record PlanColumns(Name state, Instant since, String questions) {
    enum Name {
        RUNNING,
        WAITING_FOR_ENDPOINT,
        ASKING,
        DONE,
        WITHDRAWN
    }

    private static final ObjectMapper MAPPER = EventMapper.create();
    private static final String NONE = "[]";

    static PlanColumns of(PlanState state) {
        return switch (state) {
            case PlanState.Running running -> new PlanColumns(Name.RUNNING, running.since(), NONE);
            case PlanState.WaitingForEndpoint waiting ->
                new PlanColumns(Name.WAITING_FOR_ENDPOINT, waiting.since(), NONE);
            case PlanState.Asking asking -> new PlanColumns(Name.ASKING, asking.since(), json(asking.questions()));
            case PlanState.Done done -> new PlanColumns(Name.DONE, done.since(), NONE);
            case PlanState.Withdrawn withdrawn -> new PlanColumns(Name.WITHDRAWN, withdrawn.since(), NONE);
        };
    }

    PlanState toState() {
        return switch (state) {
            case RUNNING -> new PlanState.Running(since);
            case WAITING_FOR_ENDPOINT -> new PlanState.WaitingForEndpoint(since);
            case ASKING -> new PlanState.Asking(since, list(questions));
            case DONE -> new PlanState.Done(since);
            case WITHDRAWN -> new PlanState.Withdrawn(since);
        };
    }

    private static String json(List<PlanState.Question> questions) {
        try {
            return MAPPER.writeValueAsString(questions);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("questions can always be written as JSON", e);
        }
    }

    private static List<PlanState.Question> list(String json) {
        try {
            return MAPPER.readValue(json, new TypeReference<List<PlanState.Question>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a plan's questions column is unreadable");
        }
    }
}
