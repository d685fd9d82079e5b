package io.mailferry.exporter.job;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.exporter.attempt.Ending;
import io.mailferry.exporter.attempt.MailboxExports;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The workers that take jobs, one turn after the other, and the keeper of their leases. A worker that dies loses its
 * lease; whoever takes the job over begins from the log. When the service is asked to stop, jobs are given back.
 */
@ApplicationScoped
class JobWorkers {
    private static final Logger LOG = Logger.getLogger(JobWorkers.class);

    private final Jobs jobs;
    private final MailboxExports exports;
    private final JobSettings settings;
    private final JobMetrics metrics;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Map<Turn, JobMetrics.Work> inHand = new ConcurrentHashMap<>();
    private final List<Thread> workers = new ArrayList<>();

    JobWorkers(Jobs jobs, MailboxExports exports, JobSettings settings, JobMetrics metrics) {
        this.jobs = jobs;
        this.exports = exports;
        this.settings = settings;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent started) {
        for (int number = 0; number < settings.workers(); number++) {
            workers.add(Thread.ofVirtual().name("export-" + number).start(this::work));
        }
        Thread.ofVirtual().name("export-leases").start(this::keepLeases);
    }

    /** Before the outbox stops: what is given back or concluded here is still told. */
    void stop(@Observes @Priority(1) ShutdownEvent stopped) throws InterruptedException {
        stopping.countDown();
        inHand.keySet().forEach(turn -> turn.export().stop());
        long deadline = System.nanoTime() + settings.drain().toNanos();
        for (Thread worker : workers) {
            if (!worker.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                worker.interrupt();
            }
        }
        for (Thread worker : workers) {
            if (!worker.join(settings.renewal())) {
                LOG.warn("an export did not stop in time; its lease will run out");
            }
        }
        ended.countDown();
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
            begun = jobs.begin();
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
        inHand.put(turn, JobMetrics.Work.of(turn));
        metrics.began();
        try {
            if (stopping.getCount() == 0) {
                turn.export().stop();
            }
            conclude(turn, export(turn));
            return Duration.ZERO;
        } finally {
            JobMetrics.Work before = inHand.remove(turn);
            if (before != null) {
                metrics.worked(before, JobMetrics.Work.of(turn));
            }
            metrics.letGo();
        }
    }

    private Ending export(Turn turn) {
        LOG.infof(
                "export begins job=%s mailboxId=%s turn=%d",
                turn.job().job(), turn.job().mailbox().mailbox(), turn.job().turns() + 1);
        try {
            return exports.run(turn.job().mailbox(), turn.export());
        } catch (RuntimeException e) {
            // A defect of ours: repeated within the limits, in case it was the moment's.
            LOG.errorf(e, "export failed unexpectedly job=%s", turn.job().job());
            return new Ending.Failed(FailureCategory.TRANSIENT, "Unexpected", Duration.ZERO);
        }
    }

    /** While PostgreSQL is away the end is tried again until the lease has run out; then it is another's to find. */
    private void conclude(Turn turn, Ending ending) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + settings.lease().toNanos();
        while (true) {
            // Kept for the end: under an interrupt every try and every pause would fail at once.
            interrupted |= Thread.interrupted();
            try {
                jobs.conclude(turn, ending);
                break;
            } catch (RuntimeException e) {
                if (System.nanoTime() > deadline) {
                    LOG.errorf(
                            "an export's end could not be written job=%s failure=%s",
                            turn.job().job(), e.getClass().getSimpleName());
                    break;
                }
                sleep(settings.pauseFirst());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepLeases() {
        try {
            while (!ended.await(settings.renewal().toMillis(), TimeUnit.MILLISECONDS)) {
                inHand.keySet().forEach(this::keepLease);
                countJobs();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepLease(Turn turn) {
        try {
            jobs.prolong(turn);
            JobMetrics.Work before = inHand.get(turn);
            JobMetrics.Work now = JobMetrics.Work.of(turn);
            if (before != null && inHand.replace(turn, before, now)) {
                metrics.worked(before, now);
            }
        } catch (RuntimeException e) {
            // The next renewal may succeed; if none does, the conditional end keeps two workers from telling twice.
            LOG.warnf(
                    "lease not renewed job=%s failure=%s",
                    turn.job().job(), e.getClass().getSimpleName());
        }
    }

    private void countJobs() {
        try {
            metrics.jobs(jobs.countByState());
        } catch (RuntimeException e) {
            LOG.debugf("jobs not counted failure=%s", e.getClass().getSimpleName());
        }
    }
}
