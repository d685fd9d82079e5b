package io.mailferry.simulator.agent;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/** How much all agents together ask of the gateway: at most so many requests at a time, and what came of them. */
public final class Traffic {
    private final Semaphore places;
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder unanswered = new LongAdder();

    /** @param requestsMax at a time */
    public Traffic(int requestsMax) {
        this.places = new Semaphore(requestsMax, true);
    }

    void begin() throws InterruptedException {
        places.acquire();
    }

    /** @param status 0 for no answer */
    void end(int status) {
        places.release();
        if (status == 0) {
            unanswered.increment();
        } else {
            (status / 100 == 2 ? answered : refused).increment();
        }
    }

    /** Requests that were answered as wanted. */
    public long answered() {
        return answered.sum();
    }

    /** Requests that were answered otherwise. */
    public long refused() {
        return refused.sum();
    }

    /** Requests that were not answered. */
    public long unanswered() {
        return unanswered.sum();
    }
}
