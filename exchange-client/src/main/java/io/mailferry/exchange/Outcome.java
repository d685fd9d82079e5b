package io.mailferry.exchange;

import io.mailferry.exchange.failure.ExchangeException;
import io.mailferry.exchange.failure.ExchangeFailure;
import java.util.function.Supplier;

/** What a call came to, after all repetitions. */
public sealed interface Outcome<T> {

    record Got<T>(T value) implements Outcome<T> {}

    record Failed<T>(ExchangeFailure failure) implements Outcome<T> {}

    static <T> Outcome<T> of(Supplier<T> call) {
        try {
            return new Got<>(call.get());
        } catch (ExchangeException e) {
            return new Failed<>(e.failure());
        }
    }
}
