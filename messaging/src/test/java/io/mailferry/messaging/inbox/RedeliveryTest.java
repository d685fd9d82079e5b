package io.mailferry.messaging.inbox;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RedeliveryTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void takesLimitsUpToTheAgeAtWhichAChannelGivesUp() {
        Duration longest = Redelivery.RECORD_AGE_MAX.minusMillis(1);

        assertThatCode(() -> new Redelivery.Limits(SECOND, SECOND, longest, 1)).doesNotThrowAnyException();
        refuses(SECOND, SECOND, Redelivery.RECORD_AGE_MAX, 1, "deadline");
    }

    @Test
    void refusesLimitsThatWouldTryNeverOrWithoutAPause() {
        refuses(SECOND, SECOND, SECOND, 0, "attempts-max");
        refuses(Duration.ZERO, SECOND, SECOND, 1, "pause-first");
        refuses(SECOND, Duration.ofMillis(999), SECOND, 1, "pause-max");
        refuses(SECOND, SECOND, Duration.ZERO, 1, "deadline");
    }

    private static void refuses(Duration first, Duration longest, Duration deadline, int attempts, String names) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Redelivery.Limits(first, longest, deadline, attempts))
                .withMessageContaining(names);
    }
}
