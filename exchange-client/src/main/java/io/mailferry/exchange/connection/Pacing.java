package io.mailferry.exchange.connection;

import io.mailferry.exchange.failure.ExchangeFailure;

/** Told how the server takes our requests, so that whoever holds the concurrency limit can move it. */
public interface Pacing {

    /** For callers without a limit to move. */
    Pacing NONE = new Pacing() {
        @Override
        public void answered() {}

        @Override
        public void throttled(ExchangeFailure failure) {}
    };

    /** A request was answered in full. */
    void answered();

    /** The server asked for less; called once for each such answer, before the pause. */
    void throttled(ExchangeFailure failure);
}
