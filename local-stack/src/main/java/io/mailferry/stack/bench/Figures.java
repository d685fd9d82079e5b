package io.mailferry.stack.bench;

import java.util.Arrays;

/** What a load met: how long answers took, and how often it was told to come again. Of one thread. */
final class Figures {
    private long[] micros = new long[1024];
    private int answered;
    private long refused;
    private long startedNanos;
    private long endedNanos;

    void started(long nanos) {
        startedNanos = nanos;
        endedNanos = nanos;
    }

    void answered(long sinceNanos, long nowNanos) {
        if (answered == micros.length) {
            micros = Arrays.copyOf(micros, answered * 2);
        }
        micros[answered++] = (nowNanos - sinceNanos) / 1_000;
        endedNanos = nowNanos;
    }

    void refused(long nowNanos) {
        refused++;
        endedNanos = nowNanos;
    }

    /** Requests that were answered as wished. */
    int count() {
        return answered;
    }

    /** Requests that were answered by "come again". */
    long refusals() {
        return refused;
    }

    double perSecond() {
        return perSecondUntil(endedNanos);
    }

    /** The rate if the work is counted as done only at this moment. */
    double perSecondUntil(long nanos) {
        return answered * 1e9 / Math.max(1, nanos - startedNanos);
    }

    /** @param share such as 0.99 */
    double millis(double share) {
        if (answered == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(micros, answered);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(answered - 1L, (long) Math.ceil(answered * share) - 1)] / 1_000.0;
    }
}
