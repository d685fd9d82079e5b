package io.mailferry.restore.verification;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.inbox.Inbound;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes the planner's commands: a verification becomes a job, everything else is for another service. */
@ApplicationScoped
class VerificationCommands {
    private final Inbound inbound;
    private final Verifications verifications;

    VerificationCommands(Inbound inbound, Verifications verifications) {
        this.inbound = inbound;
        this.verifications = verifications;
    }

    @Incoming("commands")
    @Blocking
    void on(ConsumerRecord<byte[], byte[]> received) throws InterruptedException {
        inbound.receive(received, this::on);
    }

    private void on(Decoded.Known known) {
        Event event = known.event();
        if (!(event instanceof TransitionCommand command)) {
            throw new Inbound.ImpossibleEvent("no command on the command topic");
        }
        switch (command) {
            case TransitionCommand.VerifyRestorePoint verify -> verifications.on(known.id(), verify);
            case TransitionCommand.ForAgent _, TransitionCommand.CancelCommand _, TransitionCommand.ExportMailbox _ -> {
                // Inventory-service's and exporter-service's.
            }
        }
    }
}
