package io.mailferry.inventory.heartbeat;

import io.mailferry.access.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Answers questions in groups: what waits while a group is underway becomes the next one. Nobody lingers for company, so
 * a lone question is answered at once and a crowd shares one transaction. The queue is bounded; one who finds it full is
 * refused, as is one who has waited too long.
 */
final class Groups<Q, A> implements AutoCloseable {
    /**
     * @param workers groups underway at once
     * @param groupMax questions in one group
     * @param waitingMax questions that wait for a group
     * @param patience how long one waits for its answer
     */
    record Limits(int workers, int groupMax, int waitingMax, Duration patience) {}

    private final Limits limits;
    private final Function<Q, Object> apart;
    private final Function<List<Q>, List<A>> answer;
    private final BlockingQueue<Waiting<Q, A>> waiting;
    private final List<Thread> workers = new ArrayList<>();
    private volatile long waitedNanos;

    private record Waiting<Q, A>(Q question, long sinceNanos, CompletableFuture<A> answer) {}

    /**
     * @param apart two questions for which this is equal never share a group
     * @param answer gives one answer for each question, in their order
     */
    Groups(String name, Limits limits, Function<Q, Object> apart, Function<List<Q>, List<A>> answer) {
        this.limits = limits;
        this.apart = apart;
        this.answer = answer;
        this.waiting = new ArrayBlockingQueue<>(limits.waitingMax());
        for (int worker = 0; worker < limits.workers(); worker++) {
            workers.add(Thread.ofPlatform().daemon().name(name + "-" + worker).start(this::work));
        }
    }

    /**
     * Returns the answer to one question.
     *
     * @throws ProblemException 503 when too many wait, or this one has waited too long
     */
    A ask(Q question) {
        Waiting<Q, A> asked = new Waiting<>(question, System.nanoTime(), new CompletableFuture<>());
        if (!waiting.offer(asked)) {
            throw ProblemException.unavailable("Too many heartbeats wait; send the next one later.");
        }
        try {
            return asked.answer().get(limits.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e);
        } catch (TimeoutException e) {
            waiting.remove(asked);
            throw ProblemException.unavailable("The heartbeat waited too long; send the next one later.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("The service is stopping; send the next heartbeat later.");
        }
    }

    /** How many wait for a group now. */
    int waiting() {
        return waiting.size();
    }

    /** How long the oldest of the last group had waited for its answer; zero while nobody comes. */
    Duration lastWait() {
        return Duration.ofNanos(waitedNanos);
    }

    @Override
    public void close() {
        workers.forEach(Thread::interrupt);
    }

    private void work() {
        Deque<Waiting<Q, A>> kept = new ArrayDeque<>();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (kept.isEmpty()) {
                    kept.add(waiting.take());
                }
                waiting.drainTo(kept, Math.max(0, limits.groupMax() - kept.size()));
                answer(group(kept));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes out those that may go together, the longest waiting first. */
    private List<Waiting<Q, A>> group(Deque<Waiting<Q, A>> kept) {
        List<Waiting<Q, A>> group = new ArrayList<>(kept.size());
        Set<Object> taken = new HashSet<>();
        for (Iterator<Waiting<Q, A>> each = kept.iterator(); each.hasNext(); ) {
            Waiting<Q, A> next = each.next();
            if (taken.add(apart.apply(next.question()))) {
                group.add(next);
                each.remove();
            }
        }
        return group;
    }

    private void answer(List<Waiting<Q, A>> group) {
        try {
            List<A> answers = answer.apply(group.stream().map(Waiting::question).toList());
            for (int index = 0; index < group.size(); index++) {
                group.get(index).answer().complete(answers.get(index));
            }
        } catch (RuntimeException e) {
            // Each of them hears of it and tells it; nothing is kept here.
            group.forEach(each -> each.answer().completeExceptionally(e));
        }
        waitedNanos = System.nanoTime() - group.getFirst().sinceNanos();
    }
}
