package io.mailferry.restore.verification;

import io.mailferry.archive.restorepoint.Finding;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Meters of verification: {@code mailferry_restore_verifications_total{outcome}}, {@code
 * mailferry_restore_verified_items_total}, {@code mailferry_restore_verified_bytes_total}, {@code
 * mailferry_restore_damages_total{cause}}, {@code mailferry_restore_verification_seconds}, {@code
 * mailferry_restore_jobs{state}}, {@code mailferry_restore_handed_back_total}.
 */
@Singleton
final class VerificationMetrics {
    static final List<String> STATES = List.of("queued", "running", "proven", "damaged", "failed");

    private final MeterRegistry meters;
    private final Timer turns;
    private final Map<String, AtomicLong> jobs = new ConcurrentHashMap<>();

    VerificationMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.turns = meters.timer("mailferry.restore.verification");
        for (String state : STATES) {
            AtomicLong count = new AtomicLong();
            jobs.put(state, count);
            meters.gauge("mailferry.restore.jobs", List.of(Tag.of("state", state)), count);
        }
        outcome("proven");
        outcome("damaged");
        meters.counter("mailferry.restore.verified.items");
        meters.counter("mailferry.restore.verified.bytes");
        meters.counter("mailferry.restore.handed.back");
    }

    void timed(Runnable turn) {
        turns.record(turn);
    }

    void found(Finding finding) {
        outcome(finding.damages().isEmpty() ? "proven" : "damaged").increment();
        meters.counter("mailferry.restore.verified.items").increment(finding.items());
        meters.counter("mailferry.restore.verified.bytes").increment(finding.bytes());
        finding.damages()
                .forEach((cause, count) -> meters.counter("mailferry.restore.damages", "cause", cause.name())
                        .increment(count));
    }

    void failed(FailureCause cause) {
        outcome(cause.name().toLowerCase(Locale.ROOT)).increment();
    }

    /** A worker that had to stop gave its job back. */
    void handedBack() {
        meters.counter("mailferry.restore.handed.back").increment();
    }

    void jobs(Map<String, Long> byState) {
        jobs.forEach((state, count) -> count.set(byState.getOrDefault(state, 0L)));
    }

    private Counter outcome(String outcome) {
        return meters.counter("mailferry.restore.verifications", "outcome", outcome);
    }
}
