package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who the agent is, which commands came and what became of them. It outlives the agent's restarts, and in a file those of
 * the process, so that a command that is delivered twice is carried out once. Guarded by its agent's lock.
 */
final class Journal {
    private static final int ENTRIES_MAX = 10_000;

    /**
     * A command, and its last result once there is one.
     *
     * @param attempt the newest that was delivered
     */
    record Entry(
            String commandId,
            String type,
            int attempt,
            JsonNode payload,
            @Nullable Result result) {
        AgentCommand command() {
            return AgentCommand.read(type, payload);
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Result> untaken = new ArrayList<>();
    private final JournalFile file;
    private @Nullable String agentId;
    private @Nullable Credential credential;

    /** With all that the file says. */
    Journal(JournalFile file) {
        this.file = file;
        file.read().forEach(this::replay);
    }

    private void replay(JsonNode line) {
        switch (line.path("line").asText()) {
            case "identity" -> {
                agentId = line.path("agentId").asText();
                credential = Credential.read(line);
            }
            case "accepted" -> noteAccepted(Result.read(line), line.path("type").asText(), line.path("payload"));
            case "finished" -> noteFinished(Result.read(line));
            case "taken" -> noteTaken(line.path("results"));
            default -> throw new IllegalStateException("A journal has a line that this version does not know");
        }
    }

    @Nullable
    String agentId() {
        return agentId;
    }

    @Nullable
    Credential credential() {
        return credential;
    }

    /** @param answer that has a new credential, as the gateway gave it */
    void identify(String agent, JsonNode answer) {
        agentId = agent;
        credential = Credential.read(answer);
        ObjectNode line = file.line("identity").put("agentId", agent);
        line.put("credential", answer.path("credential").asText());
        file.append(line.put("renewFrom", answer.path("renewFrom").asText("")));
    }

    @Nullable
    Entry find(String commandId) {
        return entries.get(commandId);
    }

    void accept(String commandId, String type, int attempt, JsonNode payload) {
        Result accepted = new Result(commandId, attempt, "accepted", null, null);
        noteAccepted(accepted, type, payload);
        ObjectNode line = file.line("accepted").put("type", type).set("payload", payload);
        accepted.write(line);
        file.append(line);
    }

    private void noteAccepted(Result accepted, String type, JsonNode payload) {
        if (entries.size() >= ENTRIES_MAX) {
            entries.remove(entries.keySet().iterator().next());
        }
        entries.put(accepted.commandId(), new Entry(accepted.commandId(), type, accepted.attempt(), payload, null));
        untaken.add(accepted);
    }

    void finish(Result result) {
        noteFinished(result);
        ObjectNode line = file.line("finished");
        result.write(line);
        file.append(line);
    }

    private void noteFinished(Result result) {
        Entry entry = entries.get(result.commandId());
        if (entry != null) {
            entries.put(
                    result.commandId(),
                    new Entry(result.commandId(), entry.type(), result.attempt(), entry.payload(), result));
        }
        untaken.add(result);
    }

    /** Ends a command that nobody waits for; false if it is done already or unknown. */
    boolean cancel(String commandId) {
        Entry entry = entries.get(commandId);
        if (entry == null || entry.result() != null) {
            return false;
        }
        finish(new Result(commandId, entry.attempt(), "cancelled", null, null));
        return true;
    }

    boolean isRunning(String commandId, int attempt) {
        Entry entry = entries.get(commandId);
        return entry != null && entry.attempt() == attempt && entry.result() == null;
    }

    /** What still has to be said, in order. */
    List<Result> untaken() {
        return List.copyOf(untaken);
    }

    void taken(JsonNode resultsTaken) {
        noteTaken(resultsTaken);
        if (!resultsTaken.isEmpty()) {
            ObjectNode line = file.line("taken");
            ArrayNode results = line.putArray("results");
            resultsTaken.forEach(results::add);
            file.append(line);
        }
    }

    private void noteTaken(JsonNode resultsTaken) {
        for (JsonNode taken : resultsTaken) {
            untaken.removeIf(result -> result.isSameAs(taken));
        }
    }

    /** Commands that were accepted and have no result yet. */
    List<Entry> running() {
        return entries.values().stream().filter(entry -> entry.result() == null).toList();
    }

    /** Commands that succeeded, in the order in which they came. */
    List<Entry> succeeded() {
        return entries.values().stream()
                .filter(entry ->
                        entry.result() != null && entry.result().outcome().equals("succeeded"))
                .toList();
    }

    List<AgentView.CommandView> views() {
        return entries.values().stream()
                .map(entry -> new AgentView.CommandView(
                        entry.commandId(),
                        entry.type(),
                        entry.attempt(),
                        entry.result() == null ? "running" : entry.result().outcome(),
                        entry.result() == null ? null : entry.result().cause()))
                .toList();
    }
}
