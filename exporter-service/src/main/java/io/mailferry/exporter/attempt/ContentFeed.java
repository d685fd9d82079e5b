package io.mailferry.exporter.attempt;

import io.mailferry.archive.part.SealedItem;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureReach;
import io.mailferry.exchange.item.ContentSink;
import io.mailferry.exchange.item.ItemId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Feeds contents to a page. A small one is held until it is whole, so that one that breaks off is never begun; a large
 * one is sealed by a thread beside this one while it arrives.
 */
final class ContentFeed implements ContentSink, AutoCloseable {
    private static final int FIRST_BYTES = 64 * 1024;

    private final Receiver receiver;
    private final int bufferedBytesMax;
    private final ContentPipe.Limits pipeLimits;
    private byte[] buffer = new byte[FIRST_BYTES];
    private int size;
    private @Nullable ItemId current;
    private @Nullable Streamed streamed;

    /** Where items go. */
    interface Receiver {
        /** Seals and sends the item, reading the content to its end. */
        SealedItem seal(ItemId id, InputStream content) throws IOException;

        /** The item was sent whole. */
        void sealed(SealedItem item);

        void failed(ItemId id, ExchangeFailure failure);
    }

    ContentFeed(Receiver receiver, int bufferedBytesMax, ContentPipe.Limits pipeLimits) {
        this.receiver = receiver;
        this.bufferedBytesMax = bufferedBytesMax;
        this.pipeLimits = pipeLimits;
    }

    @Override
    public void begin(ItemId id) {
        size = 0;
        streamed = null;
        current = id;
    }

    @Override
    public void content(byte[] bytes, int offset, int length) {
        try {
            if (streamed == null && size + length <= bufferedBytesMax) {
                hold(bytes, offset, length);
                return;
            }
            Streamed stream = streamed;
            if (stream == null) {
                ItemId id = Objects.requireNonNull(current, "content of no item");
                stream = new Streamed(pipe -> receiver.seal(id, pipe), pipeLimits);
                streamed = stream;
                stream.write(buffer, 0, size);
            }
            stream.write(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hold(byte[] bytes, int offset, int length) {
        if (size + length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(bufferedBytesMax, Math.max(size + length, buffer.length * 2)));
        }
        System.arraycopy(bytes, offset, buffer, size, length);
        size += length;
    }

    @Override
    public void end(ItemId id) {
        try {
            receiver.sealed(
                    streamed == null
                            ? receiver.seal(id, new ByteArrayInputStream(buffer, 0, size))
                            : streamed.finish());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            streamed = null;
        }
    }

    @Override
    public void abandon(ItemId id) {
        close();
    }

    /** Lets nobody wait for the rest of a content that will not come. */
    @Override
    public void close() {
        Streamed broken = streamed;
        streamed = null;
        if (broken != null) {
            broken.breakOff();
        }
    }

    @Override
    public void failed(ItemId id, ExchangeFailure failure) {
        if (failure.reach() == FailureReach.MAILBOX || failure.reach() == FailureReach.SERVER) {
            throw AttemptFailure.of(failure);
        }
        receiver.failed(id, failure);
    }
}
