package io.mailferry.uploader.mailbox;

import io.mailferry.archive.store.MailboxPlace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox's parts in their order, handled by a thread of its own, so that a mailbox whose store fails holds up no
 * other. Knows at any time the lowest offset that is not settled.
 */
public final class MailboxLane {
    private static final Logger LOG = Logger.getLogger(MailboxLane.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final long NONE = Long.MAX_VALUE;

    private final MailboxPlace place;
    private final MailboxWork work;
    private final long queueBytesMax;
    private final Duration idleAfter;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Incoming> queue = new ArrayDeque<>();
    private final Thread thread;
    private long queuedBytes;
    private long current = NONE;
    private long held = NONE;
    private boolean heldForParts;
    private boolean refusedAny;
    private boolean draining;
    private boolean stopped;
    private long restingSince = System.nanoTime();

    public MailboxLane(MailboxPlace place, MailboxParts shared) {
        this.place = place;
        this.work = new MailboxWork(place, shared);
        this.queueBytesMax = shared.settings().queueBytesMax().asLongValue();
        this.idleAfter = shared.settings().idleAfter();
        this.thread = Thread.ofVirtual().name("mailbox-" + place.mailbox()).start(this::run);
    }

    /** Takes a record; never refuses one. Whoever offers looks at {@link #full} before fetching more. */
    public void offer(Incoming incoming) {
        lock.lock();
        try {
            queue.add(incoming);
            queuedBytes += incoming.bytes();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What may not be committed; empty when all that was offered is settled. */
    public OptionalLong lowestUnsettled() {
        lock.lock();
        try {
            long queued = queue.isEmpty() ? NONE : queue.getFirst().offset();
            long lowest = Math.min(held, Math.min(current, queued));
            return lowest == NONE ? OptionalLong.empty() : OptionalLong.of(lowest);
        } finally {
            lock.unlock();
        }
    }

    public long queuedBytes() {
        lock.lock();
        try {
            return queuedBytes;
        } finally {
            lock.unlock();
        }
    }

    public boolean full() {
        return queuedBytes() > queueBytesMax;
    }

    /** Whether it has had nothing to do for so long that it can be forgotten though nobody needs its place. */
    public boolean idle() {
        return restingFor().filter(time -> time.compareTo(idleAfter) > 0).isPresent();
    }

    /**
     * For how long all that was offered has been settled, so that it can be forgotten without loss: what it knew is in
     * the log, which is read again when parts come. Empty while anything is under way.
     */
    public Optional<Duration> restingFor() {
        lock.lock();
        try {
            boolean resting = queue.isEmpty() && current == NONE && held == NONE;
            return resting ? Optional.of(Duration.ofNanos(System.nanoTime() - restingSince)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether only further parts, or the attempt's silence, can bring it on. */
    public boolean awaitsParts() {
        lock.lock();
        try {
            return queue.isEmpty() && current == NONE && held != NONE && heldForParts;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether it remembers a refused attempt. Without it the same is decided by the log, but a failing bucket is asked
     * once more for each of that attempt's parts.
     */
    public boolean refusedAny() {
        lock.lock();
        try {
            return refusedAny;
        } finally {
            lock.unlock();
        }
    }

    /** Begins to end: what is whole is recorded, what is queued is left for whoever comes next. */
    public void drain() {
        lock.lock();
        try {
            draining = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Begins to end at once, with whatever is under way. */
    public void abandon() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }

    /** Waits for the end after {@link #drain}, then ends it anyhow. */
    public void stop(Duration patience) throws InterruptedException {
        if (!thread.join(patience)) {
            abandon();
            if (!thread.join(STOP_PATIENCE)) {
                LOG.warnf("Lane does not end: mailboxId=%s", place.mailbox());
            }
        }
    }

    private void run() {
        try {
            while (true) {
                Incoming next = take();
                if (next != null) {
                    work.handle(next);
                } else if (ending()) {
                    work.flush();
                    settle();
                    return;
                } else {
                    work.tick();
                }
                settle();
            }
        } catch (InterruptedException e) {
            LOG.debugf("Lane stopped: mailboxId=%s", place.mailbox());
        } finally {
            work.discard();
        }
    }

    private boolean ending() {
        lock.lock();
        try {
            return draining || stopped;
        } finally {
            lock.unlock();
        }
    }

    /** @return null when there is nothing, because of the time or because the lane ends */
    private @Nullable Incoming take() throws InterruptedException {
        long patience = Math.max(work.untilTick().toNanos(), TimeUnit.MILLISECONDS.toNanos(10));
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty() && patience > 0 && !draining && !stopped) {
                patience = changed.awaitNanos(patience);
            }
            if (stopped) {
                throw new InterruptedException("stopped");
            }
            if (draining || queue.isEmpty()) {
                return null;
            }
            Incoming next = queue.removeFirst();
            queuedBytes -= next.bytes();
            current = next.offset();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void settle() {
        lock.lock();
        try {
            boolean worked = current != NONE;
            held = work.heldFrom().orElse(NONE);
            heldForParts = work.awaitsParts();
            refusedAny = work.refusedAny();
            current = NONE;
            if (worked || held != NONE) {
                restingSince = System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }
}
