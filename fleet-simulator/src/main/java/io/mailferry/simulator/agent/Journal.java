package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which commands came and what became of them. It outlives the agent's restarts, as a file would, so that a command that is
 * delivered twice is carried out once. Guarded by its agent's lock.
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
            @Nullable Result result) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Result> untaken = new ArrayList<>();

    @Nullable
    Entry find(String commandId) {
        return entries.get(commandId);
    }

    void accept(String commandId, String type, int attempt) {
        if (entries.size() >= ENTRIES_MAX) {
            entries.remove(entries.keySet().iterator().next());
        }
        entries.put(commandId, new Entry(commandId, type, attempt, null));
        untaken.add(new Result(commandId, attempt, "accepted", null, null));
    }

    void finish(Result result) {
        Entry entry = entries.get(result.commandId());
        String type = entry == null ? "" : entry.type();
        entries.put(result.commandId(), new Entry(result.commandId(), type, result.attempt(), result));
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
        for (JsonNode taken : resultsTaken) {
            untaken.removeIf(result -> result.isSameAs(taken));
        }
    }

    /** Commands that were accepted and have no result yet. */
    List<Entry> running() {
        return entries.values().stream().filter(entry -> entry.result() == null).toList();
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
