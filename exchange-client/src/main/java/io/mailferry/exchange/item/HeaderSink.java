package io.mailferry.exchange.item;

import io.mailferry.exchange.failure.ExchangeFailure;

/** Takes headers; each wanted item comes exactly once, in one form or the other, in any order. */
public interface HeaderSink {

    void header(ItemHeader header);

    /** This item has no readable header, for good; its cause. */
    void failed(ItemId id, ExchangeFailure failure);
}
