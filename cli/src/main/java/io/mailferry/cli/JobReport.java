package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A job as exporter-service tells it.
 *
 * @param bytes read from Exchange for this job
 * @param cause what holds it, in exporter-service's code; empty when nothing does
 * @param nextTryAt when it is tried again; empty while it is being tried
 */
record JobReport(String state, long bytes, long skipped, String cause, Optional<Instant> nextTryAt) {

    /** The job of the command among those of its mailbox. One that waits for an earlier one is held by what holds that. */
    static Optional<JobReport> of(JsonNode jobs, String command) {
        Optional<JobReport> own = StreamSupport.stream(jobs.spliterator(), false)
                .filter(job -> job.path("commandId").asText().equals(command))
                .findFirst()
                .map(JobReport::of);
        if (own.isEmpty() || !own.get().isWaiting() || own.get().isHeld()) {
            return own;
        }
        return StreamSupport.stream(jobs.spliterator(), false)
                .map(JobReport::of)
                .filter(job -> job.isHeld() && !job.hasEnded())
                .findFirst()
                .or(() -> own);
    }

    private static JobReport of(JsonNode job) {
        return new JobReport(
                job.path("state").asText(),
                job.path("bytes").asLong(),
                job.path("skipped").asLong(),
                job.path("cause").asText(""),
                instant(job.path("nextTryAt").asText("")));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    boolean isWaiting() {
        return state.equals("waiting");
    }

    boolean isHeld() {
        return !cause.isEmpty();
    }

    private boolean hasEnded() {
        return !isWaiting() && !state.equals("running");
    }

    /** Such as {@code next try in 20 s}. */
    String nextTry(Instant now) {
        long seconds = nextTryAt
                .map(at -> Duration.between(now, at).plusMillis(999).toSeconds())
                .orElse(0L);
        return seconds <= 0 ? "trying again" : "next try in " + seconds + " s";
    }
}
