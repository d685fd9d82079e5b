package io.mailferry.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What has to hold of all that an agent sent, whatever it was answered. */
final class WireRules {
    private static final Pattern UUID_SHAPE =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern HASH = Pattern.compile("[A-Za-z0-9+/=_:.-]{1,128}");
    private static final Pattern INSTANT = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z");
    private static final int BODY_BYTES_MAX = 1024 * 1024;

    private final Verdicts verdicts;

    WireRules(Verdicts verdicts) {
        this.verdicts = verdicts;
    }

    /** @param calls of one agent, from its enrolment on */
    void judge(List<Call> calls) {
        for (Call call : calls) {
            verdicts.that(
                    call.body().isObject() || call.path().endsWith("/credential"),
                    "sends JSON, plain or in gzip",
                    "a body cannot be read");
            verdicts.that(
                    call.contentType().startsWith("application/json"),
                    "says that it is JSON",
                    "Content-Type is " + call.contentType());
            verdicts.that(call.bytes() <= BODY_BYTES_MAX, "sends at most 1 MiB", call.bytes() + " bytes");
        }
        List<Call> beats = calls.stream().filter(Call::isHeartbeat).toList();
        beats.forEach(this::judgeForm);
        judgeSequences(beats);
        judgeHashes(beats);
        judgeCredentials(calls);
        judgeOneAtATime(beats);
    }

    private void judgeForm(Call beat) {
        JsonNode body = beat.body();
        boolean whole = body.path("sequence").isIntegralNumber()
                && beat.sequence() >= 0
                && UUID_SHAPE.matcher(beat.boot()).matches()
                && INSTANT.matcher(body.path("sentAt").asText()).matches()
                && HASH.matcher(body.path("statusHash").asText()).matches();
        verdicts.that(
                whole,
                "says sequence, boot, time and hash with every heartbeat",
                "one of sequence, bootId, sentAt, statusHash is missing or of another form");
        verdicts.that(
                beat.status() != 400, "sends nothing that the gateway refuses", "the gateway blamed " + blamed(beat));
    }

    private static String blamed(Call beat) {
        JsonNode answer = beat.answer();
        return answer == null ? "something" : answer.path("field").asText("something");
    }

    private void judgeSequences(List<Call> beats) {
        Map<String, Long> highest = new HashMap<>();
        for (Call beat : beats) {
            @Nullable Long before = highest.put(beat.boot(), beat.sequence());
            verdicts.that(
                    before == null || beat.sequence() > before,
                    "raises the sequence with every request of a boot",
                    before + " was followed by " + beat.sequence());
        }
    }

    private void judgeHashes(List<Call> beats) {
        Map<JsonNode, String> hashes = new HashMap<>();
        Map<String, JsonNode> statuses = new HashMap<>();
        for (Call beat : beats) {
            if (beat.hasStatus()) {
                JsonNode status = beat.body().path("status");
                String hash = beat.body().path("statusHash").asText();
                @Nullable String other = hashes.putIfAbsent(status, hash);
                @Nullable JsonNode twin = statuses.putIfAbsent(hash, status);
                verdicts.that(
                        (other == null || other.equals(hash)) && (twin == null || twin.equals(status)),
                        "gives equal statuses equal hashes and others others",
                        "a hash stands for two statuses, or a status has two hashes");
            }
        }
    }

    private void judgeCredentials(List<Call> calls) {
        String agent = "";
        String credential = "";
        String renewed = "";
        for (Call call : calls) {
            JsonNode answer = call.answer();
            if (call.isEnrolment() || call.path().endsWith("/credential")) {
                if (answer != null && call.status() == 201) {
                    agent = answer.path("agentId").asText(agent);
                    renewed = credential;
                    credential = answer.path("credential").asText();
                }
            } else if (call.isHeartbeat()) {
                String authorisation = String.valueOf(call.authorisation());
                verdicts.that(
                        authorisation.equals("Bearer " + credential) || authorisation.equals("Bearer " + renewed),
                        "shows its own credential",
                        "a heartbeat came with another one, or with none");
                verdicts.that(
                        call.path().equals("/api/v1/agents/" + agent + "/heartbeat"),
                        "reports as the agent that it was enrolled as",
                        "the path is of another agent");
            }
        }
    }

    private void judgeOneAtATime(List<Call> beats) {
        for (int index = 1; index < beats.size(); index++) {
            Call before = beats.get(index - 1);
            verdicts.that(
                    before.status() == 0
                            || before.answeredNanos() <= beats.get(index).receivedNanos(),
                    "sends one heartbeat at a time",
                    "a heartbeat came before the last one was answered");
        }
    }
}
