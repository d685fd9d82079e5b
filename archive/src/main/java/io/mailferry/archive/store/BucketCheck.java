package io.mailferry.archive.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Whether a bucket can bear the archive, found out by doing: writers race for one name with conditional PUTs. Leaves a
 * few tiny objects under {@code check/}, since nobody but the pruner may delete.
 */
public final class BucketCheck {
    private static final int ROUNDS = 3;

    /** The bucket's suitability. */
    public sealed interface Verdict {
        record Suitable() implements Verdict {}

        /** @param remedy for the operator */
        record Refused(String remedy) implements Verdict {}
    }

    private BucketCheck() {}

    /**
     * @param writers that race in each round
     * @throws StoreFailure if the store cannot be asked; no verdict then
     */
    public static Verdict run(ObjectStore store, int writers) throws StoreFailure, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                Optional<Verdict> refused = race(store, writers, threads);
                if (refused.isPresent()) {
                    return refused.get();
                }
            }
        }
        return new Verdict.Suitable();
    }

    private static Optional<Verdict> race(ObjectStore store, int writers, ExecutorService threads)
            throws StoreFailure, InterruptedException {
        String object = "check/" + UUID.randomUUID();
        CyclicBarrier start = new CyclicBarrier(writers);
        List<Callable<PutOutcome>> tasks = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            byte[] content = content(writer);
            tasks.add(() -> {
                start.await();
                return store.putIfAbsent(object, content);
            });
        }
        List<Integer> winners = new ArrayList<>();
        int differing = 0;
        List<Future<PutOutcome>> results = threads.invokeAll(tasks);
        for (int writer = 0; writer < writers; writer++) {
            switch (outcome(results.get(writer))) {
                case PutOutcome.Stored ignored -> winners.add(writer);
                case PutOutcome.AlreadyThere ignored -> {
                    continue;
                }
                case PutOutcome.Unconfirmed unconfirmed -> {
                    if (!unconfirmed.why().word().equals(ObjectStore.CHECKSUM_DIFFERS)) {
                        throw unconfirmed.why();
                    }
                    // Told that it had won, and then another's object was there.
                    winners.add(writer);
                    differing++;
                }
            }
        }
        Optional<byte[]> stored = store.get(object);
        boolean oneWon =
                winners.size() == 1 && stored.isPresent() && Arrays.equals(stored.get(), content(winners.getFirst()));
        if (oneWon && differing > 0) {
            return Optional.of(new Verdict.Refused("the server confirmed another SHA-256 than that of what it was sent"
                    + " and has: use a store or server version that keeps checksums"));
        }
        return oneWon
                ? Optional.empty()
                : Optional.of(new Verdict.Refused(winners.size() + " of " + writers
                        + " racing conditional writers (PUT with If-None-Match: *) were told that they had won, where"
                        + " it must be exactly one: use a store or server version with atomic conditional PUT"));
    }

    private static byte[] content(int writer) {
        return ("writer " + writer).getBytes(StandardCharsets.US_ASCII);
    }

    private static PutOutcome outcome(Future<PutOutcome> result) throws StoreFailure, InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw StoreErrors.failure("conditional put", e);
        }
    }
}
