package io.mailferry.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class OutboxRelayTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void refusesLimitsThatWouldSendNothingOrRestNever() {
        assertThatCode(() -> new OutboxRelay.Limits(1, SECOND, SECOND, SECOND)).doesNotThrowAnyException();
        refuses(0, SECOND, SECOND, SECOND);
        refuses(1, Duration.ZERO, SECOND, SECOND);
        refuses(1, SECOND, Duration.ZERO, SECOND);
        refuses(1, SECOND, SECOND, Duration.ZERO);
    }

    private static void refuses(int rowsMax, Duration idle, Duration acknowledgement, Duration pauseMax) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OutboxRelay.Limits(rowsMax, idle, acknowledgement, pauseMax))
                .withMessageContaining("mailferry.outbox");
    }
}
