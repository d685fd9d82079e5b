package io.mailferry.exchange.item;

import io.mailferry.exchange.failure.ExchangeFailure;

/**
 * Takes contents as they arrive. For each item: {@code begin content* end}, or {@code failed}. After {@code abandon}
 * what was given of that item is void, and the item begins again or fails. Items do not interleave. An exception
 * thrown here ends the reading and reaches the caller.
 */
public interface ContentSink {

    void begin(ItemId id);

    /** A run of the MIME content; the array is used again after the call. */
    void content(byte[] bytes, int offset, int length);

    /** The content was whole. The id bears the change key at the time of reading. */
    void end(ItemId id);

    void abandon(ItemId id);

    /** This item cannot be read, for good; its cause. */
    void failed(ItemId id, ExchangeFailure failure);
}
