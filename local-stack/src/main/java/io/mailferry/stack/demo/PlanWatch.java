package io.mailferry.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.stack.StackFailure;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows one plan and tells of each step as it happens. */
final class PlanWatch {
    private final RestClient planner;
    private final String plan;
    private final String name;
    private final Map<String, Ferried> mailboxes;
    private final Consumer<String> tell;
    private final Map<String, String> told = new HashMap<>();
    private boolean done;

    /** @param mailboxes by their id */
    PlanWatch(RestClient planner, String plan, String name, Map<String, Ferried> mailboxes, Consumer<String> tell) {
        this.planner = planner;
        this.plan = plan;
        this.name = name;
        this.mailboxes = mailboxes;
        this.tell = tell;
    }

    boolean isDone() {
        return done;
    }

    /** @throws StackFailure if the plan needs an operator, which nobody is here */
    void look() {
        if (done) {
            return;
        }
        JsonNode view = planner.read("/plans/" + plan);
        view.path("steps").forEach(this::step);
        switch (view.path("state").asText()) {
            case "DONE" -> {
                done = true;
                tell.accept(name + ": the transition is done");
            }
            case "WITHDRAWN" -> throw new StackFailure(name + ": the plan was withdrawn.");
            case "ASKING" -> throw new StackFailure(name + ": the plan needs an operator: " + questions(view));
            default -> done = false;
        }
    }

    private void step(JsonNode step) {
        String key = step.path("step").asText();
        String state = step.path("state").asText();
        @Nullable Ferried mailbox = mailboxes.get(step.path("mailbox").asText());
        boolean isExport = key.startsWith("export-");
        if (mailbox != null && isExport && state.equals("COMMANDED")) {
            mailbox.exporting(step.path("progress"));
        }
        // Asked for as one word, so that a step that pauses for another cause is told of again.
        String now = state + step.path("attempts").asText() + step.path("cause").asText();
        if (now.equals(told.put(key, now))) {
            return;
        }
        if (mailbox == null) {
            tellOfSetStep(key, state, step);
            return;
        }
        switch (state) {
            case "DONE" -> {
                if (isExport) {
                    mailbox.exported(step.path("outcome"));
                } else {
                    mailbox.verified(step.path("outcome"));
                }
            }
            case "FAILED" -> mailbox.failed(step.path("cause").asText());
            case "PAUSING" ->
                tell.accept(name + ": " + mailbox.address() + ", " + words(isExport ? "export" : "verify")
                        + " is tried again because of " + step.path("cause").asText());
            default -> told.put(key, now);
        }
    }

    private void tellOfSetStep(String key, String state, JsonNode step) {
        switch (state) {
            case "DONE" -> tell.accept(name + ": " + words(key) + ", done" + detail(step.path("outcome")));
            case "SKIPPED" ->
                tell.accept(name + ": " + words(key) + ", not needed ("
                        + words(step.path("reason").asText()) + ")");
            case "COMMANDED" -> tell.accept(name + ": " + words(key) + " …");
            case "PAUSING", "FAILED" ->
                tell.accept(name + ": " + words(key) + ", " + words(state) + ": "
                        + step.path("cause").asText());
            default -> told.put(key, state);
        }
    }

    private static String detail(JsonNode outcome) {
        if (outcome.path("version").isTextual()) {
            return ": version " + outcome.path("version").asText();
        }
        return "";
    }

    private static String questions(JsonNode view) {
        StringBuilder text = new StringBuilder();
        view.path("questions")
                .forEach(question -> text.append(question.path("step").asText())
                        .append(": ")
                        .append(question.path("word").asText())
                        .append(". ")
                        .append(question.path("remedy").asText()));
        return text.toString();
    }

    private static String words(String key) {
        return key.replace('-', ' ').replace('_', ' ').toLowerCase(Locale.ROOT);
    }
}
