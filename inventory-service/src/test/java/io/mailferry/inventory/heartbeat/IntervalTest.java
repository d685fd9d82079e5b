package io.mailferry.inventory.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class IntervalTest {
    private final AtomicReference<Duration> wait = new AtomicReference<>(Duration.ZERO);
    private final Interval interval = new Interval(Duration.ofSeconds(30), Duration.ofMillis(250), 4, wait::get);

    @Test
    void isTheUsualOneWhileHeartbeatsHardlyWait() {
        wait.set(Duration.ofMillis(250));

        assertThat(interval.next()).isEqualTo(Duration.ofSeconds(30));
        assertThat(interval.isStretched()).isFalse();
    }

    @Test
    void growsWithTheWaitAndShrinksAgain() {
        wait.set(Duration.ofMillis(500));
        assertThat(interval.next()).isEqualTo(Duration.ofSeconds(60));
        assertThat(interval.isStretched()).isTrue();

        wait.set(Duration.ZERO);
        assertThat(interval.next()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void isStretchedToItsLimitAtMost() {
        wait.set(Duration.ofMinutes(1));

        assertThat(interval.next()).isEqualTo(Duration.ofMinutes(2));
    }
}
