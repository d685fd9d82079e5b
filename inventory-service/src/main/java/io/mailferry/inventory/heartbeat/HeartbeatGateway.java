package io.mailferry.inventory.heartbeat;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.inventory.agent.Agents;
import io.mailferry.inventory.agent.Credentials;
import io.mailferry.inventory.agent.Credentials.Caller;
import io.mailferry.inventory.agent.Presented;
import io.mailferry.inventory.command.CheckedResult;
import io.mailferry.inventory.command.CommandExchange;
import io.mailferry.inventory.command.CommandResults;
import io.mailferry.inventory.command.RunningCommand;
import io.mailferry.inventory.protocol.Field;
import io.mailferry.inventory.tenant.Directory;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes heartbeats in this order: look at everything, let it in, keep what results bring, publish, move commands. A bad
 * body has changed nothing; an interruption at any later point leaves a state from which the agent's next heartbeat
 * goes on, since an agent sends its results until they are taken and its status until its hash is known.
 */
@Singleton
final class HeartbeatGateway {
    private static final CommandExchange.Answer NOTHING_TO_SAY =
            new CommandExchange.Answer(List.of(), List.of(), List.of());

    private final Admissions admissions;
    private final Credentials credentials;
    private final TenantTransactions transactions;
    private final Agents agents;
    private final Directory directory;
    private final CommandResults results;
    private final CommandExchange commands;
    private final HeartbeatTopic topic;
    private final Interval interval;
    private final Clock clock;

    HeartbeatGateway(
            Admissions admissions,
            Credentials credentials,
            TenantTransactions transactions,
            Agents agents,
            Directory directory,
            CommandResults results,
            CommandExchange commands,
            HeartbeatTopic topic,
            Interval interval,
            Clock clock) {
        this.admissions = admissions;
        this.credentials = credentials;
        this.transactions = transactions;
        this.agents = agents;
        this.directory = directory;
        this.results = results;
        this.commands = commands;
        this.topic = topic;
        this.interval = interval;
        this.clock = clock;
    }

    /** @param fullStatusWanted whether the next heartbeat must carry the status, whatever its hash */
    record Answer(
            Instant serverTime,
            long nextIntervalMs,
            boolean fullStatusWanted,
            List<CommandExchange.Delivery> commands,
            List<CommandId> cancel,
            List<CommandExchange.ResultTaken> resultsTaken) {
        /** Whether the agent learns nothing from it but when to come again. */
        boolean saysNothing() {
            return !fullStatusWanted && commands.isEmpty() && cancel.isEmpty() && resultsTaken.isEmpty();
        }
    }

    /** A heartbeat that was taken, and what to say to it at once. */
    record Taken(Answer answer, Caller caller, List<RunningCommand> running) {}

    /**
     * @param presented what the request shows of its agent
     * @param addressed the agent in the request's path
     */
    Taken take(Presented presented, AgentId addressed, HeartbeatBody body) {
        Instant receivedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String credential = presented.kept();
        // Who is calling is asked before a large body is read, and where its addresses have to be sealed.
        @Nullable Caller known = body.isLarge() ? recognise(presented, credential, addressed) : null;
        Field root = body.parse();
        if (known == null && root.ifPresent("status").isPresent()) {
            known = recognise(presented, credential, addressed);
        }
        Heartbeat heartbeat = Heartbeat.read(root, sealing(known));
        Entered entered = enter(presented, credential, addressed, heartbeat);
        Caller caller = entered.caller();
        List<CheckedResult> stored = results.store(caller.tenant(), caller.agent(), entered.results());
        heartbeat.status().ifPresent(_ -> publish(caller, heartbeat, receivedAt));
        CommandExchange.Answer exchanged = entered.hasCommands()
                        || !stored.isEmpty()
                        || !heartbeat.running().isEmpty()
                ? commands.exchange(caller.tenant(), caller.agent(), stored, heartbeat.running())
                : NOTHING_TO_SAY;
        Answer answer = new Answer(
                receivedAt,
                interval.next().toMillis(),
                heartbeat.status().isEmpty() && !isKnown(heartbeat, entered),
                exchanged.commands(),
                exchanged.cancel(),
                exchanged.taken());
        return new Taken(answer, caller, heartbeat.running());
    }

    /**
     * Keeps an answer that says nothing back until there is something to say, or the time is over, or the gateway has
     * more to do than to keep agents waiting. The time waited counts towards the interval.
     */
    Answer await(Presented presented, Taken taken, CommandBell.Waiting waiting, Duration patience) {
        Instant until = clock.instant().plus(patience);
        Answer answer = taken.answer();
        while (answer.saysNothing() && !interval.isStretched()) {
            Duration left = Duration.between(clock.instant(), until);
            boolean rang = left.isPositive() && waiting.await(left);
            if (rang) {
                // Its credential may have been withdrawn while it waited.
                var _ = recognise(presented, presented.kept(), taken.caller().agent());
            }
            answer = again(taken, rang);
            if (!rang) {
                break;
            }
        }
        return answer;
    }

    private Answer again(Taken taken, boolean rang) {
        CommandExchange.Answer exchanged = rang
                ? commands.exchange(taken.caller().tenant(), taken.caller().agent(), List.of(), taken.running())
                : NOTHING_TO_SAY;
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long waitedMillis = Duration.between(taken.answer().serverTime(), now).toMillis();
        return new Answer(
                now,
                Math.max(0, interval.next().toMillis() - Math.max(0, waitedMillis)),
                false,
                exchanged.commands(),
                exchanged.cancel(),
                List.of());
    }

    /** Whether the inventory reflects what this heartbeat's agent has to say, as this version reads it. */
    private static boolean isKnown(Heartbeat heartbeat, Entered entered) {
        return ReadForm.kept(ReadForm.read(heartbeat.statusHash())).equals(entered.appliedStatusHash());
    }

    private Caller recognise(Presented presented, String credential, AgentId addressed) {
        return admissions
                .recognise(credential, addressed)
                .orElseGet(() -> credentials.authenticate(presented, addressed));
    }

    private Function<String, SealedAddress> sealing(@Nullable Caller known) {
        return address -> {
            if (known == null) {
                throw new IllegalStateException("only a status holds addresses, and its sender is known");
            }
            return directory.seal(known.tenant(), address);
        };
    }

    /** Only what can change the inventory goes there: that nothing changed is told by the agent's row alone. */
    private void publish(Caller caller, Heartbeat heartbeat, Instant receivedAt) {
        topic.publish(new AgentHeartbeat(
                caller.tenant(),
                caller.agent(),
                heartbeat.sequence(),
                heartbeat.bootId(),
                heartbeat.sentAt(),
                receivedAt,
                ReadForm.read(heartbeat.statusHash()),
                heartbeat.status()));
    }

    private record Entered(
            Caller caller,
            List<CheckedResult> results,
            @Nullable String appliedStatusHash,
            boolean hasCommands) {}

    private Entered enter(Presented presented, String credential, AgentId addressed, Heartbeat heartbeat) {
        if (heartbeat.results().isEmpty()) {
            Optional<Admissions.Admitted> admitted = admissions.admit(
                    new Admissions.Beat(credential, addressed, heartbeat.bootId(), heartbeat.sequence()));
            if (admitted.isPresent()) {
                Admissions.Admitted plain = admitted.get();
                return new Entered(plain.caller(), List.of(), plain.appliedStatusHash(), plain.hasCommands());
            }
        }
        return enterTheLongWay(credentials.authenticate(presented, addressed), heartbeat);
    }

    private sealed interface Entry {
        record Admitted(Entered entered) implements Entry {}

        record Repeated() implements Entry {}

        record Cloned() implements Entry {}
    }

    private Entered enterTheLongWay(Caller caller, Heartbeat heartbeat) {
        // Refused outside the transaction, which keeps what was noticed of a clone.
        return switch (entry(caller, heartbeat)) {
            case Entry.Admitted admitted -> admitted.entered();
            case Entry.Repeated _ ->
                throw ProblemException.conflict("This sequence, or a higher one, was here before. Send a higher one, or"
                        + " begin a new boot.");
            case Entry.Cloned _ -> throw new EnrolAnew();
        };
    }

    /** One transaction, so that a result whose detail is wrong takes the sequence back with it. */
    private Entry entry(Caller caller, Heartbeat heartbeat) {
        return transactions.inTenant(caller.tenant(), transaction -> switch (agents.admit(
                transaction, caller.tenant(), caller.agent(), heartbeat.bootId(), heartbeat.sequence())) {
            case Agents.Admission.Admitted admitted ->
                new Entry.Admitted(new Entered(
                        caller,
                        results.check(transaction, caller.tenant(), caller.agent(), heartbeat.results()),
                        admitted.appliedStatusHash(),
                        true));
            case Agents.Admission.Repeated _ -> new Entry.Repeated();
            case Agents.Admission.Cloned _ -> new Entry.Cloned();
        });
    }
}
