package io.mailferry.exporter.job;

import io.mailferry.exporter.attempt.ExportTurn;
import java.util.UUID;

/**
 * A worker's turn with a job.
 *
 * @param lease random; every write of the turn is conditional on it
 * @param export how far it is
 */
record Turn(Job job, UUID lease, ExportTurn export) {
    Job.Progress progress() {
        return new Job.Progress(export.items(), export.bytes(), export.expectedItems(), export.skipped());
    }
}
