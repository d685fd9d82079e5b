package io.mailferry.exporter.job;

import io.mailferry.exporter.attempt.Ending;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Meters of exports: {@code mailferry_exporter_turns_total{outcome}}, {@code mailferry_exporter_jobs{state}}, {@code
 * mailferry_exporter_in_hand}, {@code mailferry_exporter_items_total}, {@code mailferry_exporter_read_bytes_total},
 * {@code mailferry_exporter_skipped_total}. Beside them {@code mailferry_exporter_sent_bytes_total}, {@code
 * mailferry_exporter_sent_parts_total} and {@code mailferry_exporter_unconfirmed_bytes} of the transfer.
 */
@Singleton
final class JobMetrics {
    private static final List<String> STATES = List.of("waiting", "running", "succeeded", "failed", "expired");

    private final MeterRegistry meters;
    private final Map<String, AtomicLong> jobs = new ConcurrentHashMap<>();
    private final AtomicLong inHand = new AtomicLong();

    JobMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (String state : STATES) {
            jobs.put(state, gauge(List.of(Tag.of("state", state)), "mailferry.exporter.jobs"));
        }
        meters.gauge("mailferry.exporter.in.hand", inHand);
        List.of("finished", "transient", "throttled", "permanent", "poison", "stopped")
                .forEach(outcome -> meters.counter("mailferry.exporter.turns", "outcome", outcome));
        List.of("items", "read.bytes", "skipped").forEach(name -> meters.counter("mailferry.exporter." + name));
    }

    private AtomicLong gauge(List<Tag> tags, String name) {
        AtomicLong value = new AtomicLong();
        meters.gauge(name, tags, value);
        return value;
    }

    void began() {
        inHand.incrementAndGet();
    }

    void ended(Ending ending) {
        String outcome = switch (ending) {
            case Ending.Finished _ -> "finished";
            case Ending.Failed failed -> failed.category().name().toLowerCase(Locale.ROOT);
            case Ending.Stopped _ -> "stopped";
        };
        meters.counter("mailferry.exporter.turns", "outcome", outcome).increment();
    }

    /** What a turn has done since it was last looked at. */
    void worked(Work before, Work now) {
        meters.counter("mailferry.exporter.items").increment(Math.max(0, now.items() - before.items()));
        meters.counter("mailferry.exporter.read.bytes").increment(Math.max(0, now.bytes() - before.bytes()));
        meters.counter("mailferry.exporter.skipped").increment(Math.max(0, now.skipped() - before.skipped()));
    }

    /** @param items sent, new ones and updates; {@code bytes} of their contents */
    record Work(long items, long bytes, long skipped) {
        static Work of(Turn turn) {
            return new Work(
                    turn.export().sent(), turn.export().bytes(), turn.export().skipped());
        }
    }

    void letGo() {
        inHand.decrementAndGet();
    }

    void jobs(Map<String, Long> byState) {
        jobs.forEach((state, count) -> count.set(byState.getOrDefault(state, 0L)));
    }
}
