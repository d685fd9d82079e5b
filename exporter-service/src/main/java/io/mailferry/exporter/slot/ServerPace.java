package io.mailferry.exporter.slot;

import io.mailferry.exchange.connection.Pacing;
import io.mailferry.exchange.failure.ExchangeFailure;
import java.time.Duration;

/** Collects what a session meets until the lease is renewed, which carries it to PostgreSQL. */
public final class ServerPace implements Pacing {
    private long answers;
    private boolean throttled;
    private Duration backOff = Duration.ZERO;

    @Override
    public synchronized void answered() {
        answers++;
    }

    @Override
    public synchronized void throttled(ExchangeFailure failure) {
        throttled = true;
        Duration wanted = failure.backOff();
        if (wanted != null && wanted.compareTo(backOff) > 0) {
            backOff = wanted;
        }
    }

    /** What was met since the last call. */
    public synchronized PaceReport take() {
        PaceReport report = new PaceReport(answers, throttled, backOff);
        answers = 0;
        throttled = false;
        backOff = Duration.ZERO;
        return report;
    }
}
