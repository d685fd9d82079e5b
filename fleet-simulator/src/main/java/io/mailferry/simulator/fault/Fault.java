package io.mailferry.simulator.fault;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** One way to answer badly. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Fault.Busy.class, name = "busy"),
    @JsonSubTypes.Type(value = Fault.BusyInAnswer.class, name = "busyInAnswer"),
    @JsonSubTypes.Type(value = Fault.Unavailable.class, name = "unavailable"),
    @JsonSubTypes.Type(value = Fault.Reset.class, name = "reset"),
    @JsonSubTypes.Type(value = Fault.Slow.class, name = "slow"),
    @JsonSubTypes.Type(value = Fault.ErrorInAnswer.class, name = "errorInAnswer")
})
public sealed interface Fault {

    /** HTTP 500 with a SOAP fault ErrorServerBusy. */
    record Busy(long backOffMilliseconds) implements Fault {}

    /** HTTP 200 with ErrorServerBusy in each response message. */
    record BusyInAnswer(long backOffMilliseconds) implements Fault {}

    /** HTTP 503. */
    record Unavailable(int retryAfterSeconds) implements Fault {}

    /** A TCP reset after this many bytes of the answer's body. */
    record Reset(long afterBytes) implements Fault {}

    /** The answer trickles. */
    record Slow(long bytesPerSecond) implements Fault {
        public Slow {
            if (bytesPerSecond <= 0) {
                throw new IllegalArgumentException("bytesPerSecond must be above 0");
            }
        }
    }

    /** HTTP 200 with this EWS response code in each response message, for example ErrorMailboxMoveInProgress. */
    record ErrorInAnswer(String code) implements Fault {}
}
