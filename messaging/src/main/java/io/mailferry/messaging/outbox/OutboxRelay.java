package io.mailferry.messaging.outbox;

import io.mailferry.messaging.cloudevents.EventCodec;
import io.mailferry.messaging.transaction.OutboxTable;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Carries the outbox to Kafka. One relay of a service works at a time (a PostgreSQL advisory lock that ends with its
 * transaction), rows leave in the order of their positions and are deleted only after every acknowledgement, so a crash
 * repeats events and never loses one. While Kafka or PostgreSQL is away it tries again at a bounded pace.
 */
public final class OutboxRelay implements AutoCloseable {
    /**
     * @param rowsMax rows sent in one transaction
     * @param idle how long to wait when there was nothing to send
     * @param acknowledgement how long the broker may take for one batch
     * @param pauseMax the longest pause after failures in a row
     */
    public record Limits(int rowsMax, Duration idle, Duration acknowledgement, Duration pauseMax) {
        public Limits {
            if (rowsMax < 1) {
                throw new IllegalArgumentException("mailferry.outbox.rows-max must be at least 1");
            }
            if (!idle.isPositive() || !acknowledgement.isPositive() || !pauseMax.isPositive()) {
                throw new IllegalArgumentException(
                        "mailferry.outbox.idle, acknowledgement and pause-max must be positive");
            }
        }

        public static Limits of(OutboxSettings settings) {
            return new Limits(settings.rowsMax(), settings.idle(), settings.acknowledgement(), settings.pauseMax());
        }
    }

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final Duration COUNT_EVERY = Duration.ofSeconds(1);

    /** One lock for the relays of one service; the schema is its own namespace, so the database's hash is enough. */
    private static final String LOCK =
            "SELECT pg_try_advisory_xact_lock(hashtext('mailferry.outbox'), hashtext(current_schema()))";

    private final TenantTransactions transactions;
    private final EventCodec codec;
    private final EventSender sender;
    private final Limits limits;
    private final Counter published;
    private final Counter failures;
    private final AtomicLong pending = new AtomicLong();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread worker;
    /** Of the worker alone. */
    private long counted;

    private long countAgainNanos = System.nanoTime();

    public OutboxRelay(
            TenantTransactions transactions,
            EventCodec codec,
            EventSender sender,
            Limits limits,
            MeterRegistry meters) {
        this.transactions = transactions;
        this.codec = codec;
        this.sender = sender;
        this.limits = limits;
        this.published = meters.counter("mailferry.outbox.published");
        this.failures = meters.counter("mailferry.outbox.failures");
        meters.gauge("mailferry.outbox.pending", pending);
        this.worker = Thread.ofVirtual().name("outbox-relay").unstarted(this::run);
    }

    public void start() {
        worker.start();
    }

    /** Lets the batch in hand finish, within its acknowledgement deadline. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            if (worker.isAlive() && !worker.join(limits.acknowledgement())) {
                worker.interrupt();
            }
        } catch (InterruptedException e) {
            worker.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration pause = limits.idle();
        try {
            while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = relayAndChoosePause(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration relayAndChoosePause(Duration lastPause) {
        try {
            int left = transactions.acrossTenants(this::relay);
            return left == limits.rowsMax() ? Duration.ZERO : limits.idle();
        } catch (RuntimeException e) {
            failures.increment();
            Duration pause = lastPause.multipliedBy(2).plus(limits.idle());
            LOG.warnf("Outbox not relayed, trying again: failure=%s", rootName(e));
            return pause.compareTo(limits.pauseMax()) > 0 ? limits.pauseMax() : pause;
        }
    }

    /** Sends one batch; returns how many rows left. */
    private int relay(Transaction transaction) {
        boolean mine = transaction.handle().select(LOCK).mapTo(Boolean.class).one();
        if (!mine) {
            return 0;
        }
        List<OutboxTable.Row> rows = OutboxTable.oldest(transaction.handle(), limits.rowsMax());
        if (rows.isEmpty()) {
            pending.set(0);
            return 0;
        }
        // Also told when the broker is away, and the rows stay.
        long waiting = waiting(transaction, rows.size());
        pending.set(waiting);
        CompletableFuture<?>[] acknowledged = rows.stream()
                .map(row -> sender.send(codec.encode(row.id(), row.event())))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(acknowledged).get(limits.acknowledgement().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SendFailure(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new SendFailure(e);
        }
        OutboxTable.delete(transaction.handle(), rows);
        published.increment(rows.size());
        pending.set(waiting - rows.size());
        return rows.size();
    }

    /** Rows are counted only when there are more than one batch, and then now and then: of many, counting costs much. */
    private long waiting(Transaction transaction, int read) {
        if (read < limits.rowsMax()) {
            return read;
        }
        long now = System.nanoTime();
        if (now - countAgainNanos >= 0) {
            counted = OutboxTable.pending(transaction.handle());
            countAgainNanos = now + COUNT_EVERY.toNanos();
        }
        return Math.max(counted, read);
    }

    private static String rootName(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName();
    }

    /** Carries a checked failure through the transaction, which rolls back. */
    private static final class SendFailure extends RuntimeException {
        SendFailure(Exception cause) {
            super(cause);
        }
    }
}
