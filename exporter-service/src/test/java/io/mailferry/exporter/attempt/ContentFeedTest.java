package io.mailferry.exporter.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.part.ContentId;
import io.mailferry.archive.part.SealedItem;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import io.mailferry.exchange.item.ItemId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ContentFeedTest {
    private static final int BUFFERED = 100_000;

    private final Map<String, byte[]> sealed = new LinkedHashMap<>();
    private final List<String> begun = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private boolean sinkBroken;

    private final ContentFeed feed = new ContentFeed(
            new ContentFeed.Receiver() {
                @Override
                public SealedItem seal(ItemId id, InputStream content) throws IOException {
                    begun.add(id.value());
                    byte[] bytes = content.readNBytes(sinkBroken ? 10 : Integer.MAX_VALUE);
                    if (sinkBroken) {
                        throw new IOException("nobody takes parts");
                    }
                    sealed.put(id.value(), bytes);
                    return new SealedItem(ContentId.random(), 1, bytes.length, bytes.length);
                }

                @Override
                public void sealed(SealedItem item) {}

                @Override
                public void failed(ItemId id, ExchangeFailure failure) {
                    failed.add(id.value());
                }
            },
            BUFFERED,
            new ContentPipe.Limits(8, Duration.ofMinutes(1)));

    @Test
    void passesContentsOnUnchangedWhateverTheirSize() {
        for (int size : new int[] {0, 1, 65_535, 65_536, BUFFERED, BUFFERED + 1, 5_000_000}) {
            byte[] content = bytes(size);
            give("item-" + size, content);
            feed.end(id("item-" + size));

            assertThat(sealed.get("item-" + size)).isEqualTo(content);
        }
    }

    @Test
    void neverBeginsASmallContentThatBreaksOff() {
        give("a", bytes(1000));
        feed.abandon(id("a"));
        give("b", bytes(2000));
        feed.end(id("b"));

        assertThat(begun).containsExactly("b");
    }

    @Test
    void leavesALargeContentThatBreaksOffWithoutItsEnd() {
        give("a", bytes(3_000_000));
        feed.abandon(id("a"));
        give("a", bytes(3_000_000));
        feed.end(id("a"));

        assertThat(begun).containsExactly("a", "a");
        assertThat(sealed.get("a")).hasSize(3_000_000);
    }

    @Test
    void stopsReadingWhenTheReceiverFails() {
        sinkBroken = true;

        assertThatThrownBy(() -> {
                    give("a", bytes(50_000_000));
                    feed.end(id("a"));
                })
                .isInstanceOf(UncheckedIOException.class);
        feed.close();
    }

    @Test
    void skipsTheItemOnlyWhenTheFailureIsTheItems() {
        feed.failed(id("a"), ExchangeFailure.ofResponseCode("ErrorItemCorrupt", null));

        assertThat(failed).containsExactly("a");
        ExchangeFailure ofMailbox =
                ExchangeFailure.of(FailureCategory.PERMANENT, FailureReach.MAILBOX, "ErrorNonExistentMailbox");
        assertThatThrownBy(() -> feed.failed(id("b"), ofMailbox)).isInstanceOf(AttemptFailure.class);
    }

    private void give(String id, byte[] content) {
        feed.begin(id(id));
        int run = 48 * 1024;
        for (int start = 0; start < content.length; start += run) {
            feed.content(content, start, Math.min(run, content.length - start));
        }
    }

    private static ItemId id(String id) {
        return new ItemId(id, "");
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
