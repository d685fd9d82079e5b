package io.mailferry.exporter.job;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.inbox.Inbound;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes the planner's commands: an export becomes a job, everything else is for another service. */
@ApplicationScoped
class JobCommands {
    private final Inbound inbound;
    private final Jobs jobs;

    JobCommands(Inbound inbound, Jobs jobs) {
        this.inbound = inbound;
        this.jobs = jobs;
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
            case TransitionCommand.ExportMailbox export -> jobs.on(known.id(), export);
            case TransitionCommand.ForAgent _,
                    TransitionCommand.CancelCommand _,
                    TransitionCommand.VerifyRestorePoint _ -> {
                // Inventory-service's and restore-service's.
            }
        }
    }
}
