package io.mailferry.restore.verification;

import io.mailferry.archive.restorepoint.VerificationProgress;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** One worker's turn with one job: how far it is, and whether it should give up. */
final class Turn implements VerificationProgress {
    private final Verification job;
    private final UUID holder;
    private final AtomicLong items = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong expected = new AtomicLong();
    private final AtomicLong itemsTold = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();

    Turn(Verification job, UUID holder) {
        this.job = job;
        this.holder = holder;
    }

    Verification job() {
        return job;
    }

    UUID holder() {
        return holder;
    }

    VerificationState.Running running(Instant leaseUntil) {
        return new VerificationState.Running(holder, leaseUntil, items.get(), bytes.get(), expected.get());
    }

    /** Whether there is progress since this was last asked. */
    boolean hasNews(VerificationState.Running running) {
        return itemsTold.getAndSet(running.items()) != running.items();
    }

    /** The lease was lost, or the service stops. */
    void stop() {
        stopped.set(true);
    }

    @Override
    public void expected(long count) {
        expected.set(count);
    }

    @Override
    public void verified(long itemBytes) {
        items.incrementAndGet();
        bytes.addAndGet(itemBytes);
    }

    @Override
    public boolean stopped() {
        return stopped.get();
    }
}
