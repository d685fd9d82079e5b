package io.mailferry.exporter.attempt;

import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.store.StoreFailure;
import io.mailferry.contracts.exchange.FailureCategory;
import java.io.IOException;
import java.time.Duration;

/** Reads of the bucket, repeated within limits. What is damaged there stops the mailbox: an operator has to look. */
final class ArchiveReads {
    private final int attemptsMax;
    private final Duration pauseFirst;

    ArchiveReads(AttemptSettings settings) {
        this.attemptsMax = settings.storeAttemptsMax();
        this.pauseFirst = settings.storePause();
    }

    /** A read that may be made again. */
    interface Read<T> {
        T read() throws IOException;
    }

    <T> T read(Read<T> read) {
        Duration pause = pauseFirst;
        for (int attempt = 1; true; attempt++) {
            try {
                return read.read();
            } catch (Damaged e) {
                throw AttemptFailure.lasting("ArchiveDamaged_" + e.damage());
            } catch (StoreFailure e) {
                if (e.category() == FailureCategory.PERMANENT || attempt >= attemptsMax) {
                    throw AttemptFailure.of(e);
                }
            } catch (IOException e) {
                // The connection broke while an object was being read.
                if (attempt >= attemptsMax) {
                    throw AttemptFailure.passing("Store_Connection");
                }
            }
            sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AttemptFailure.stopped();
        }
    }
}
