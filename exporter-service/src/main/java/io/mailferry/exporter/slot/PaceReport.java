package io.mailferry.exporter.slot;

import java.time.Duration;

/**
 * What one worker met of its server since its last report.
 *
 * @param answers answered requests
 * @param throttled whether the server asked for less
 * @param backOff the longest pause it asked for; zero if it named none
 */
public record PaceReport(long answers, boolean throttled, Duration backOff) {}
