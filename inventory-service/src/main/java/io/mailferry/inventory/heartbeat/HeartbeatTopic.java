package io.mailferry.inventory.heartbeat;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.id.EventId;
import io.mailferry.messaging.cloudevents.EventCodec;
import io.mailferry.messaging.outbox.EventSender;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/** Where heartbeats are safe: only the gateway writes this topic. */
@Singleton
final class HeartbeatTopic {
    private static final Logger LOG = Logger.getLogger(HeartbeatTopic.class);
    /** Heartbeats on their way at once; beyond, agents are told to come again. */
    private static final int UNDERWAY_MAX = 1_000;

    private final EventSender sender;
    private final EventCodec codec;
    private final Duration publishWithin;

    HeartbeatTopic(
            @Channel("heartbeats-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = UNDERWAY_MAX)
                    MutinyEmitter<byte[]> emitter,
            EventCodec codec,
            GatewaySettings settings) {
        this.sender = new EventSender(emitter);
        this.codec = codec;
        this.publishWithin = settings.publishWithin();
    }

    /**
     * Returns when every replica that must have the heartbeat has it.
     *
     * @throws ProblemException 503 when that is not certain in time; it may still arrive, which the next heartbeat's
     *     higher sequence makes harmless
     */
    void publish(AgentHeartbeat heartbeat) {
        try {
            sender.send(codec.encode(EventId.random(), heartbeat)).get(publishWithin.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            LOG.warnf(
                    "Heartbeat not published agent=%s failure=%s",
                    heartbeat.agent(), e.getClass().getSimpleName());
            throw ProblemException.unavailable("The heartbeat could not be kept; send the next one later.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("The service is stopping; send the next heartbeat later.");
        }
    }
}
