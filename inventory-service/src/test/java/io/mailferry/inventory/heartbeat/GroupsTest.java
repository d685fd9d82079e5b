package io.mailferry.inventory.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.access.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<List<String>> groups = new ArrayList<>();
    private final Semaphore mayAnswer = new Semaphore(0);
    private final CountDownLatch begun = new CountDownLatch(1);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private Groups<String, String> groups(int groupMax, int waitingMax, Duration patience) {
        return new Groups<>(
                "test",
                new Groups.Limits(1, groupMax, waitingMax, patience),
                question -> question.substring(0, 1),
                this::answer);
    }

    private List<String> answer(List<String> questions) {
        groups.add(questions);
        begun.countDown();
        try {
            assertThat(mayAnswer.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (questions.contains("fail")) {
            throw new IllegalStateException("as the test wants it");
        }
        return questions.stream().map(question -> question + "!").toList();
    }

    private static void await(Groups<String, String> asked, int waiting) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (asked.waiting() < waiting) {
            assertThat(System.nanoTime()).isLessThan(until);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void answersTogetherWhatCameMeanwhileAndEachItsOwn() throws Exception {
        try (Groups<String, String> asked = groups(10, 10, PATIENCE)) {
            Future<String> first = threads.submit(() -> asked.ask("a"));
            begun.await();
            Future<String> second = threads.submit(() -> asked.ask("b"));
            await(asked, 1);
            Future<String> third = threads.submit(() -> asked.ask("c"));
            await(asked, 2);
            mayAnswer.release(2);

            assertThat(List.of(first.get(), second.get(), third.get())).containsExactly("a!", "b!", "c!");
            assertThat(groups).containsExactly(List.of("a"), List.of("b", "c"));
        }
    }

    @Test
    void keepsTwoOfOneAgentApartAndAGroupWithinItsLimit() throws Exception {
        try (Groups<String, String> asked = groups(2, 10, PATIENCE)) {
            List<Future<String>> answers = new ArrayList<>();
            answers.add(threads.submit(() -> asked.ask("z")));
            begun.await();
            for (String question : List.of("a1", "a2", "b", "c")) {
                answers.add(threads.submit(() -> asked.ask(question)));
                await(asked, answers.size() - 1);
            }
            mayAnswer.release(10);
            for (Future<String> answer : answers) {
                assertThat(answer.get()).endsWith("!");
            }

            assertThat(groups)
                    .containsExactly(List.of("z"), List.of("a1"), List.of("a2", "b"), List.of("c"))
                    .allMatch(group -> group.size() <= 2);
        }
    }

    @Test
    void tellsEveryoneOfAFailedGroupAndGoesOn() throws Exception {
        try (Groups<String, String> asked = groups(10, 10, PATIENCE)) {
            mayAnswer.release(2);

            assertThatThrownBy(() -> asked.ask("fail")).isInstanceOf(IllegalStateException.class);
            assertThat(asked.ask("a")).isEqualTo("a!");
        }
    }

    @Test
    void refusesWhoFindsTheQueueFull() throws Exception {
        try (Groups<String, String> asked = groups(1, 1, PATIENCE)) {
            Future<String> underway = threads.submit(() -> asked.ask("a"));
            begun.await();
            Future<String> waiting = threads.submit(() -> asked.ask("b"));
            await(asked, 1);

            assertThatThrownBy(() -> asked.ask("c"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refused -> assertThat(refused.problem().status()).isEqualTo(503));
            mayAnswer.release(2);
            assertThat(underway.get()).isEqualTo("a!");
            assertThat(waiting.get()).isEqualTo("b!");
        }
    }

    @Test
    void refusesWhoHasWaitedTooLong() throws Exception {
        try (Groups<String, String> asked = groups(1, 1, Duration.ofMillis(50))) {
            CompletableFuture<Void> refused = CompletableFuture.runAsync(
                    () -> assertThatThrownBy(() -> asked.ask("a")).isInstanceOf(ProblemException.class), threads);
            refused.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            mayAnswer.release();
        }
    }
}
