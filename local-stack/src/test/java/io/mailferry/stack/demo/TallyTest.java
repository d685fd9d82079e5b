package io.mailferry.stack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.cli.terminal.ProgressBoard;
import io.mailferry.cli.terminal.Screen;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class TallyTest {
    private final ProgressBoard board = new ProgressBoard(
            new Screen(
                    new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                    false,
                    80,
                    false,
                    false),
            () -> Instant.EPOCH);

    @Test
    void isRightWhenEveryItemIsVerifiedOrWasSpoiled() throws Exception {
        Tally tally = Tally.of(List.of(mailbox(100, 2, 98, 98, 2), mailbox(50, 0, 50, 50, 0)));

        assertThat(tally.isRight()).isTrue();
        assertThat(tally.lastLine(Duration.ofMillis(61_900)))
                .isEqualTo("demo: items=150 stored=148 verified=148 restored=0 skipped=2 lost=0 seconds=61");
    }

    @Test
    void findsALostItemThoughAnotherMailboxHasOneTooMany() throws Exception {
        Tally tally = Tally.of(List.of(mailbox(100, 0, 99, 99, 0), mailbox(50, 0, 51, 51, 0)));

        assertThat(tally.isRight()).isFalse();
        assertThat(tally.lost()).isEqualTo(1);
    }

    @Test
    void isWrongWhenAReadableItemWasSkipped() throws Exception {
        Tally tally = Tally.of(List.of(mailbox(100, 0, 99, 99, 1)));

        assertThat(tally.isRight()).isFalse();
        assertThat(tally.lost()).isZero();
    }

    @Test
    void isWrongWhenAnotherItemThanTheSpoiledWasSkipped() throws Exception {
        Ferried mailbox = mailbox(100, 1, 99, 99, 1);
        assertThat(Tally.of(List.of(mailbox)).isRight()).isTrue();

        mailbox.skippedItems(Set.of("readable"), Set.of("spoiled 0"));

        assertThat(Tally.of(List.of(mailbox)).isRight()).isFalse();
        assertThat(mailbox.isSkippedRightly()).isFalse();
    }

    @Test
    void isWrongWhenOneItemWasSkippedTwiceForTwo() throws Exception {
        Ferried mailbox = mailbox(100, 2, 98, 98, 2);

        mailbox.skippedItems(Set.of("spoiled 0"), Set.of("spoiled 0"));

        assertThat(Tally.of(List.of(mailbox)).isRight()).isFalse();
    }

    @Test
    void callsNothingLostThatIsNotYetVerified() {
        Ferried mailbox = new Ferried("T", new FleetControl.SimulatedMailbox("a", 100, 0), board.add("a"));

        Tally soFar = Tally.of(List.of(mailbox), 150);

        assertThat(soFar.isRight()).isFalse();
        assertThat(soFar.lastLine(Duration.ZERO))
                .isEqualTo("demo: items=150 stored=0 verified=0 restored=0 skipped=0 lost=0 seconds=0");
    }

    @Test
    void isWrongWhenLessIsVerifiedThanStored() throws Exception {
        assertThat(Tally.of(List.of(mailbox(100, 0, 100, 98, 0))).isRight()).isFalse();
    }

    @Test
    void isWrongWhenNothingWasCounted() {
        assertThat(Tally.of(List.of()).isRight()).isFalse();
        assertThat(Tally.NOTHING.isRight()).isFalse();
    }

    private Ferried mailbox(long items, long unreadable, long stored, long verified, long skipped)
            throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        Ferried mailbox = new Ferried("T", new FleetControl.SimulatedMailbox("a", items, unreadable), board.add("a"));
        mailbox.exported(mapper.readTree("{\"items\": " + stored + ", \"sealedBytes\": 1, \"complete\": true,"
                + " \"skipped\": {\"ITEM_CORRUPT\": " + skipped + "}}"));
        mailbox.verified(mapper.readTree("{\"items\": " + verified + ", \"damaged\": 0, \"complete\": true}"));
        mailbox.stored(stored);
        mailbox.skippedItems(ids(skipped), ids(unreadable));
        return mailbox;
    }

    private static Set<String> ids(long count) {
        return LongStream.range(0, count)
                .mapToObj(number -> "spoiled " + number)
                .collect(Collectors.toSet());
    }
}
