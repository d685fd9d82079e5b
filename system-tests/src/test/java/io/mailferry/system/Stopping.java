package io.mailferry.system;

import io.mailferry.stack.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A service that was asked to stop, watched from outside until it is gone.
 *
 * @param readiness what its readiness probe answered, again and again; 0 where nothing answered any more
 * @param exit the exit code; empty when it did not end in time
 */
record Stopping(List<Integer> readiness, OptionalInt exit) {
    /** Kubernetes' default; the chart's own is longer. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final int READY = 200;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    static Stopping watch(ServiceProcess service) {
        HttpRequest probe = HttpRequest.newBuilder(URI.create(service.managementUrl() + "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long until = System.nanoTime() + GRACE.toNanos();
        List<Integer> readiness = new ArrayList<>();
        service.requestStop();
        OptionalInt exit = OptionalInt.empty();
        while (exit.isEmpty() && System.nanoTime() < until) {
            readiness.add(status(probe));
            exit = service.awaitEnd(PAUSE);
        }
        return new Stopping(readiness, exit);
    }

    /** How many times in a row it said that it was ready, from the signal on. */
    long stillReady() {
        return readiness.stream().takeWhile(status -> status == READY).count();
    }

    /** What it answered from its first other answer on. */
    List<Integer> afterwards() {
        return readiness.stream().dropWhile(status -> status == READY).toList();
    }

    private static int status(HttpRequest probe) {
        try {
            return CLIENT.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
