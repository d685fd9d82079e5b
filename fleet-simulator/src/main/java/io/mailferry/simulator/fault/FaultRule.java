package io.mailferry.simulator.fault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fault and when it strikes.
 *
 * @param fault what happens
 * @param operation only for this EWS operation; null for all
 * @param requests how many requests it strikes before it is spent; null for no end
 * @param probability the share of requests that it strikes; null for all
 */
public record FaultRule(
        Fault fault,
        @Nullable String operation,
        @Nullable Integer requests,
        @Nullable Double probability) {
    public FaultRule {
        if (requests != null && requests <= 0) {
            throw new IllegalArgumentException("requests must be above 0");
        }
        if (probability != null && (probability <= 0 || probability > 1)) {
            throw new IllegalArgumentException("probability must be above 0 and at most 1");
        }
    }

    private static final List<String> OWN = List.of("operation", "requests", "probability");

    /**
     * Reads one flat object: the fault's properties beside the rule's.
     *
     * @throws JsonProcessingException if it is no fault
     */
    public static FaultRule read(ObjectMapper mapper, JsonNode json) throws JsonProcessingException {
        if (!(json instanceof ObjectNode object)) {
            throw new IllegalArgumentException("A fault is a JSON object");
        }
        Fault fault = mapper.treeToValue(object.deepCopy().remove(OWN), Fault.class);
        JsonNode requests = object.get("requests");
        JsonNode probability = object.get("probability");
        return new FaultRule(
                fault,
                object.path("operation").asText(null),
                requests == null ? null : (Integer) requests.asInt(),
                probability == null ? null : (Double) probability.asDouble());
    }

    /** The same flat object. */
    public ObjectNode write(ObjectMapper mapper) {
        ObjectNode json = mapper.valueToTree(fault);
        if (operation != null) {
            json.put("operation", operation);
        }
        if (requests != null) {
            json.put("requests", requests);
        }
        if (probability != null) {
            json.put("probability", probability);
        }
        return json;
    }
}
