package io.mailferry.exchange.connection;

import java.time.Duration;

/** Waits; tests put a record of the wanted pauses in its place. */
@FunctionalInterface
public interface Pause {

    Pause SLEEP = duration -> Thread.sleep(duration);

    void wait(Duration duration) throws InterruptedException;
}
