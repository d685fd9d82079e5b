package io.mailferry.restore.verification;

import io.mailferry.archive.restorepoint.RestorePointVerifier;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The workers that take jobs, one turn after the other, and the one that keeps their leases. A worker that dies loses
 * its lease and another begins the job again; a verification changes nothing, so beginning again does no harm.
 */
@ApplicationScoped
class VerificationWorkers {
    private static final Logger LOG = Logger.getLogger(VerificationWorkers.class);
    private static final int RENEWALS_PER_LEASE = 3;

    /** Platform threads: a verification computes for long, and would keep virtual ones from their carriers. */
    private static final Thread.Builder.OfPlatform THREADS = Thread.ofPlatform().daemon();

    private final Turns turns;
    private final RestorePointVerifier verifier;
    private final VerificationSettings settings;
    private final VerificationMetrics metrics;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Set<Turn> inHand = ConcurrentHashMap.newKeySet();
    private final List<Thread> workers = new ArrayList<>();

    VerificationWorkers(
            Turns turns, RestorePointVerifier verifier, VerificationSettings settings, VerificationMetrics metrics) {
        this.turns = turns;
        this.verifier = verifier;
        this.settings = settings;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent started) {
        for (int number = 0; number < settings.workers(); number++) {
            workers.add(THREADS.name("verification-" + number).start(this::work));
        }
        THREADS.name("verification-leases").start(this::keepLeases);
    }

    /** Before the outbox stops: what is handed back or concluded here is still told. */
    void stop(@Observes @Priority(1) ShutdownEvent stopped) throws InterruptedException {
        stopping.countDown();
        long deadline = System.nanoTime() + settings.drain().toNanos();
        for (Thread worker : workers) {
            worker.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        inHand.forEach(Turn::stop);
        deadline = System.nanoTime() + settings.drain().toNanos();
        for (Thread worker : workers) {
            worker.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        // One that hangs in a read: whatever it says after this is ignored.
        inHand.forEach(this::handBack);
        ended.countDown();
    }

    private void handBack(Turn turn) {
        try {
            turns.handBack(turn);
        } catch (RuntimeException e) {
            LOG.warnf(
                    "verification not handed back, its lease will run out job=%s failure=%s",
                    turn.job().job(), e.getClass().getSimpleName());
        }
    }

    private void work() {
        Duration pause = Duration.ZERO;
        try {
            while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = takeTurn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return how long to wait before the next */
    private Duration takeTurn() {
        Optional<Turn> begun;
        try {
            begun = turns.begin();
        } catch (RuntimeException e) {
            LOG.warnf(
                    "jobs cannot be taken, trying again: failure=%s",
                    e.getClass().getSimpleName());
            return settings.pauseFirst();
        }
        if (begun.isEmpty()) {
            return settings.poll();
        }
        Turn turn = begun.get();
        inHand.add(turn);
        try {
            metrics.timed(() -> verify(turn));
            return Duration.ZERO;
        } catch (RuntimeException e) {
            // The lease runs out and the job is begun again: nothing was told yet.
            LOG.errorf(
                    e,
                    "a verification's end could not be written job=%s",
                    turn.job().job());
            return settings.pauseFirst();
        } finally {
            inHand.remove(turn);
        }
    }

    private void verify(Turn turn) {
        Verification job = turn.job();
        LOG.infof("verification begins job=%s mailboxId=%s attempt=%d", job.job(), job.mailbox(), job.attempts());
        try {
            turns.conclude(turn, verifier.verify(job.tenant(), job.mailbox(), job.wanted(), turn));
        } catch (RuntimeException e) {
            LOG.errorf(e, "verification failed unexpectedly job=%s", job.job());
            turns.concludeUnexpected(turn);
        }
    }

    private void keepLeases() {
        long pauseMillis = Math.min(
                settings.lease().dividedBy(RENEWALS_PER_LEASE).toMillis(),
                settings.progressEvery().toMillis());
        try {
            while (!ended.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                inHand.forEach(this::keepLease);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepLease(Turn turn) {
        try {
            turns.prolong(turn);
        } catch (RuntimeException e) {
            // The next renewal may succeed; if none does, the conditional end keeps two workers from telling twice.
            LOG.warnf(
                    "lease not renewed job=%s failure=%s",
                    turn.job().job(), e.getClass().getSimpleName());
        }
    }
}
