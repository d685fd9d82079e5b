package io.mailferry.inventory.heartbeat;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.inventory.agent.AgentSettings;
import io.mailferry.inventory.agent.Agents;
import io.mailferry.inventory.agent.Credentials;
import io.mailferry.inventory.command.CheckedResult;
import io.mailferry.inventory.command.CommandExchange;
import io.mailferry.inventory.command.CommandResults;
import io.mailferry.inventory.protocol.Field;
import io.mailferry.inventory.tenant.Directory;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes heartbeats in this order: look at everything, let it in, keep what results bring, publish, move commands. A bad
 * body has changed nothing; an interruption at any later point leaves a state from which the agent's next heartbeat
 * goes on, since an agent sends its results until they are taken and its status until its hash is known.
 */
@Singleton
final class HeartbeatGateway {
    private final TenantTransactions transactions;
    private final Agents agents;
    private final Directory directory;
    private final CommandResults results;
    private final CommandExchange commands;
    private final HeartbeatTopic topic;
    private final AgentSettings settings;
    private final Clock clock;

    HeartbeatGateway(
            TenantTransactions transactions,
            Agents agents,
            Directory directory,
            CommandResults results,
            CommandExchange commands,
            HeartbeatTopic topic,
            AgentSettings settings,
            Clock clock) {
        this.transactions = transactions;
        this.agents = agents;
        this.directory = directory;
        this.results = results;
        this.commands = commands;
        this.topic = topic;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param fullStatusWanted whether the next heartbeat must carry the status, whatever its hash */
    record Answer(
            Instant serverTime,
            long nextIntervalMs,
            boolean fullStatusWanted,
            List<CommandExchange.Delivery> commands,
            List<CommandId> cancel,
            List<CommandExchange.ResultTaken> resultsTaken) {}

    Answer take(Credentials.Caller caller, Field body) {
        Instant receivedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Heartbeat heartbeat = Heartbeat.read(body, address -> directory.seal(caller.tenant(), address));
        Entry.Admitted admitted = admit(caller, heartbeat);
        List<CheckedResult> stored = results.store(caller.tenant(), caller.agent(), admitted.results());
        String readHash = ReadForm.read(heartbeat.statusHash());
        topic.publish(new AgentHeartbeat(
                caller.tenant(),
                caller.agent(),
                heartbeat.sequence(),
                heartbeat.bootId(),
                heartbeat.sentAt(),
                receivedAt,
                readHash,
                heartbeat.status()));
        CommandExchange.Answer exchanged =
                commands.exchange(caller.tenant(), caller.agent(), stored, heartbeat.running());
        return new Answer(
                receivedAt,
                settings.heartbeatInterval().toMillis(),
                heartbeat.status().isEmpty() && !ReadForm.kept(readHash).equals(admitted.appliedStatusHash()),
                exchanged.commands(),
                exchanged.cancel(),
                exchanged.taken());
    }

    private sealed interface Entry {
        record Admitted(
                List<CheckedResult> results, @Nullable String appliedStatusHash) implements Entry {}

        record Repeated() implements Entry {}

        record Cloned() implements Entry {}
    }

    private Entry.Admitted admit(Credentials.Caller caller, Heartbeat heartbeat) {
        // Refused outside the transaction, which keeps what was noticed of a clone.
        return switch (enter(caller, heartbeat)) {
            case Entry.Admitted admitted -> admitted;
            case Entry.Repeated _ ->
                throw ProblemException.conflict("This sequence, or a higher one, was here before. Send a higher one, or"
                        + " begin a new boot.");
            case Entry.Cloned _ -> throw new EnrolAnew();
        };
    }

    /** One transaction, so that a result whose detail is wrong takes the sequence back with it. */
    private Entry enter(Credentials.Caller caller, Heartbeat heartbeat) {
        return transactions.inTenant(caller.tenant(), transaction -> switch (agents.admit(
                transaction, caller.tenant(), caller.agent(), heartbeat.bootId(), heartbeat.sequence())) {
            case Agents.Admission.Admitted admitted ->
                new Entry.Admitted(
                        results.check(transaction, caller.tenant(), caller.agent(), heartbeat.results()),
                        admitted.appliedStatusHash());
            case Agents.Admission.Repeated _ -> new Entry.Repeated();
            case Agents.Admission.Cloned _ -> new Entry.Cloned();
        });
    }
}
