package io.mailferry.planner;

import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.inventory.InventoryEvent;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.upload.UploadProgress;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.mailferry.planner.command.Commands;
import io.mailferry.planner.fleet.Change;
import io.mailferry.planner.fleet.FleetProjection;
import io.mailferry.planner.fleet.FleetTable;
import io.mailferry.planner.plan.Plans;
import io.mailferry.planner.risk.Verdicts;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.inject.Singleton;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes what arrives from Kafka, each event in one transaction with everything that follows from it. */
@Singleton
final class Listener {
    private static final String CONSUMER = "planner";

    private final Inbound inbound;
    private final TenantTransactions transactions;
    private final FleetProjection fleet;
    private final Verdicts verdicts;
    private final Plans plans;
    private final Commands commands;

    Listener(
            Inbound inbound,
            TenantTransactions transactions,
            FleetProjection fleet,
            Verdicts verdicts,
            Plans plans,
            Commands commands) {
        this.inbound = inbound;
        this.transactions = transactions;
        this.fleet = fleet;
        this.verdicts = verdicts;
        this.plans = plans;
        this.commands = commands;
    }

    @Incoming("inventory-events")
    @Blocking
    void onInventory(ConsumerRecord<byte[], byte[]> received) throws InterruptedException {
        inbound.receive(received, known -> {
            switch ((InventoryEvent) known.event()) {
                case InventoryEvent.OfServer event ->
                    once(known, transaction -> {
                        if (fleet.apply(transaction, event) == Change.FACTS) {
                            verdicts.assess(transaction, event.server());
                            plans.reconcile(transaction, event.server());
                        }
                    });
                case InventoryEvent.OfFleet _ -> {
                    // A fleet that is silent has no other plans than one that reports.
                }
            }
        });
    }

    @Incoming("command-results")
    @Blocking
    void onResult(ConsumerRecord<byte[], byte[]> received) throws InterruptedException {
        inbound.receive(received, known -> {
            CommandResult result = (CommandResult) known.event();
            switch (result) {
                // By far the most; taken once more it says nothing new, so that it need not be remembered.
                case CommandResult.CommandProgressed _ ->
                    transactions.useTenant(result.tenant(), transaction -> on(transaction, result));
                case CommandResult.CommandDelivered _,
                        CommandResult.CommandAccepted _,
                        CommandResult.CommandSucceeded _,
                        CommandResult.CommandFailed _,
                        CommandResult.CommandRejected _,
                        CommandResult.CommandExpired _,
                        CommandResult.CommandCancelled _ -> once(known, transaction -> on(transaction, result));
            }
        });
    }

    @Incoming("upload-progress")
    @Blocking
    void onProgress(ConsumerRecord<byte[], byte[]> received) throws InterruptedException {
        inbound.receive(received, known -> {
            switch ((UploadProgress) known.event()) {
                case UploadProgress.RestorePointRecorded recorded ->
                    once(known, transaction -> fleet.apply(transaction, recorded));
                case UploadProgress.AttemptOpened _,
                        UploadProgress.PagesStored _,
                        UploadProgress.PageRefused _,
                        UploadProgress.PartsRefused _ -> {
                    // Between exporter and uploader; the fleet is as it was, and there is nothing to remember.
                }
            }
        });
    }

    private void on(Transaction transaction, CommandResult result) {
        lock(transaction, result.server());
        commands.on(transaction, result).ifPresent(settled -> plans.on(transaction, settled));
    }

    private void once(Decoded.Known known, Consumer<Transaction> effect) {
        transactions.useTenant(known.event().tenant(), transaction -> {
            if (transaction.firstSight(known.event().tenant(), known.id(), CONSUMER)) {
                effect.accept(transaction);
            }
        });
    }

    /** The server's lock comes first everywhere, so that transactions about one server never wait for each other. */
    private static void lock(Transaction transaction, ServerId server) {
        new FleetTable(transaction.handle()).lock(server);
    }
}
