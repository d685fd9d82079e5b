package io.mailferry.archive.restorepoint;

import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.store.StoreFailure;
import io.mailferry.contracts.exchange.FailureCategory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Tries a read again while the store fails in a way that may pass, a limited number of times. */
final class StoreReads {
    /** A read that may be repeated from its beginning. */
    interface Read<T> {
        T run() throws IOException;
    }

    private final int triesMax;
    private final Duration pause;

    StoreReads(ReadLimits limits) {
        this.triesMax = limits.triesMax();
        this.pause = limits.pause();
    }

    /** @throws StoreFailure or another IOException of the connection when all tries failed, the earlier ones suppressed */
    <T> T retried(Read<T> read) throws IOException {
        IOException earlier = null;
        for (int tries = 1; ; tries++) {
            try {
                return read.run();
            } catch (IOException e) {
                if (!passing(e)) {
                    throw e;
                }
                if (earlier != null) {
                    e.addSuppressed(earlier);
                }
                if (tries >= triesMax) {
                    throw e;
                }
                earlier = e;
            }
            sleep(pause.multipliedBy(1L << Math.min(tries - 1, 10)));
        }
    }

    /** A connection that broke in the middle of a stream is no StoreFailure, but passes all the same. */
    static boolean passing(IOException failure) {
        return switch (failure) {
            case StoreFailure store ->
                switch (store.category()) {
                    case TRANSIENT, THROTTLED -> true;
                    case PERMANENT, POISON -> false;
                };
            case Damaged _, ScratchFull _, StoppedByCaller _, LocalFailure _ -> false;
            default -> true;
        };
    }

    /** The category of a failure to read the bucket. */
    static FailureCategory categoryOf(IOException failure) {
        return failure instanceof StoreFailure store ? store.category() : FailureCategory.TRANSIENT;
    }

    private static void sleep(Duration pause) throws InterruptedIOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted between two tries");
        }
    }

    /** The caller of a verification gave up. */
    static final class StoppedByCaller extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** The scratch folder cannot be written or read: nothing that asking the store again would mend. */
    static final class LocalFailure extends IOException {
        private static final long serialVersionUID = 1;

        LocalFailure(IOException cause) {
            super("scratch folder", cause);
        }
    }
}
