package io.mailferry.inventory.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.archive.keys.KeyMissing;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.transition.CommandResult.CommandCancelled;
import io.mailferry.contracts.transition.CommandResult.CommandExpired;
import io.mailferry.contracts.transition.CommandResult.CommandRejected;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.inventory.agent.Agents;
import io.mailferry.inventory.backupset.BackupSetRows;
import io.mailferry.inventory.server.ServerRows;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Takes the planner's commands for agents from the topic into rows; other services' commands pass by. */
@Singleton
final class CommandQueue {
    private static final Logger LOG = Logger.getLogger(CommandQueue.class);
    private static final String CONSUMER = "commands";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Inbound inbound;
    private final TenantTransactions transactions;
    private final CommandRows rows;
    private final Agents agents;
    private final ServerRows servers;
    private final BackupSetRows backupSets;
    private final TenantKeys keys;
    private final DeletionTerms deletions;
    private final Clock clock;

    CommandQueue(
            Inbound inbound,
            TenantTransactions transactions,
            CommandRows rows,
            Agents agents,
            ServerRows servers,
            BackupSetRows backupSets,
            TenantKeys keys,
            DeletionTerms deletions,
            Clock clock) {
        this.inbound = inbound;
        this.transactions = transactions;
        this.rows = rows;
        this.agents = agents;
        this.servers = servers;
        this.backupSets = backupSets;
        this.keys = keys;
        this.deletions = deletions;
        this.clock = clock;
    }

    @Incoming("commands")
    @Blocking
    void on(ConsumerRecord<byte[], byte[]> received) throws InterruptedException {
        inbound.receive(received, this::on);
    }

    private void on(Decoded.Known known) {
        switch ((TransitionCommand) known.event()) {
            case TransitionCommand.ForAgent command ->
                transactions.useTenant(command.tenant(), transaction -> {
                    if (transaction.firstSight(command.tenant(), known.id(), CONSUMER)) {
                        queue(transaction, command);
                    }
                });
            case TransitionCommand.CancelCommand cancel ->
                transactions.useTenant(cancel.tenant(), transaction -> {
                    if (transaction.firstSight(cancel.tenant(), known.id(), CONSUMER)) {
                        cancel(transaction, cancel);
                    }
                });
            case TransitionCommand.ExportMailbox _, TransitionCommand.VerifyRestorePoint _ -> {
                // For another service.
            }
        }
    }

    private void queue(Transaction transaction, TransitionCommand.ForAgent command) {
        if (!agents.exists(transaction, command.agent())) {
            reject(transaction, command, "AGENT_UNKNOWN");
            return;
        }
        if (agents.isRevoked(transaction, command.agent())) {
            reject(transaction, command, CommandSweep.AGENT_REVOKED);
            return;
        }
        if (!servers.exists(transaction, command.server())) {
            reject(transaction, command, "SERVER_UNKNOWN");
            return;
        }
        servers.lock(transaction, command.server());
        if (!command.expiresAt().isAfter(clock.instant())) {
            transaction.publish(new CommandExpired(command.tenant(), command.server(), command.command()));
            return;
        }
        switch (payload(transaction, command)) {
            case Payload.Ready ready -> {
                rows.insert(transaction, command, ready.json(), deletions.termsOf(command));
                LOG.infof(
                        "Command queued type=%s commandId=%s agent=%s",
                        CommandType.of(command).word(), command.command(), command.agent());
            }
            case Payload.Impossible impossible -> reject(transaction, command, impossible.cause());
        }
    }

    /** What the agent may have begun ends by its own word; whatever is known not to be begun ends here. */
    private void cancel(Transaction transaction, TransitionCommand.CancelCommand cancel) {
        Optional<CommandRows.Row> row = rows.agentOf(transaction, cancel.command())
                .flatMap(agent -> rows.lock(transaction, agent, cancel.command()));
        if (row.isEmpty()) {
            LOG.infof("Nothing to cancel commandId=%s", cancel.command());
            return;
        }
        switch (row.get().state()) {
            case CommandState.Waiting waiting -> {
                rows.update(transaction, cancel.command(), waiting.cancel());
                transaction.publish(
                        new CommandCancelled(cancel.tenant(), row.get().server(), cancel.command()));
                LOG.infof(
                        "Command cancelled commandId=%s agent=%s",
                        cancel.command(), row.get().agent());
            }
            case CommandState.Begun _ -> rows.askToStop(transaction, cancel.command());
            case CommandState.Finished _ -> {}
        }
    }

    private static void reject(Transaction transaction, TransitionCommand.ForAgent command, String cause) {
        LOG.warnf("Command rejected commandId=%s agent=%s cause=%s", command.command(), command.agent(), cause);
        transaction.publish(new CommandRejected(command.tenant(), command.server(), command.command(), cause));
    }

    /** What the agent is told. */
    private sealed interface Payload {
        record Ready(String json) implements Payload {}

        record Impossible(String cause) implements Payload {}
    }

    private Payload payload(Transaction transaction, TransitionCommand.ForAgent command) {
        return switch (command) {
            case TransitionCommand.EscrowAgentSettings escrow -> escrowPayload(escrow);
            case TransitionCommand.UpgradeAgent upgrade -> ready(Map.of("minimumVersion", upgrade.minimumVersion()));
            case TransitionCommand.CreateEwsBackupSet create ->
                backupSets
                        .refOf(transaction, create.agent(), create.mapiSet())
                        .map(ref -> ready(
                                Map.of("mapiSetRef", ref, "name", create.name(), "mailboxes", create.mailboxes())))
                        .orElseGet(CommandQueue::setUnknown);
            case TransitionCommand.FreezeMapiRetention freeze ->
                setPayload(transaction, freeze.agent(), freeze.mapiSet());
            case TransitionCommand.DisableMapiSchedule disable ->
                setPayload(transaction, disable.agent(), disable.mapiSet());
            case TransitionCommand.DeleteMapiBackupSet delete ->
                deletions
                        .refusal(transaction, delete)
                        .<Payload>map(Payload.Impossible::new)
                        .orElseGet(() -> setPayload(transaction, delete.agent(), delete.mapiSet()));
        };
    }

    private Payload setPayload(Transaction transaction, AgentId agent, BackupSetId set) {
        return backupSets
                .refOf(transaction, agent, set)
                .map(ref -> ready(Map.of("setRef", ref)))
                .orElseGet(CommandQueue::setUnknown);
    }

    private Payload escrowPayload(TransitionCommand.EscrowAgentSettings escrow) {
        try {
            var key = keys.escrowPublic(escrow.tenant());
            return ready(Map.of("publicKey", key.toJSONObject(), "kid", key.getKeyID()));
        } catch (KeyMissing e) {
            LOG.errorf(e, "Tenant has no escrow key tenant=%s", escrow.tenant());
            return new Payload.Impossible("ESCROW_KEY_MISSING");
        }
    }

    private static Payload setUnknown() {
        return new Payload.Impossible("BACKUP_SET_UNKNOWN");
    }

    private static Payload ready(Map<String, ?> fields) {
        try {
            return new Payload.Ready(MAPPER.writeValueAsString(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a payload can always be written as JSON", e);
        }
    }
}
