package io.mailferry.inventory.heartbeat;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.inventory.agent.AgentVersion;
import io.mailferry.inventory.command.ReportedResult;
import io.mailferry.inventory.command.RunningCommand;
import io.mailferry.inventory.mailbox.MailAddress;
import io.mailferry.inventory.protocol.Field;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A heartbeat's body, every field of it looked at, with its addresses sealed already. */
record Heartbeat(
        long sequence,
        UUID bootId,
        Instant sentAt,
        String statusHash,
        Optional<AgentStatus> status,
        List<RunningCommand> running,
        List<ReportedResult> results) {
    private static final int COMMANDS_MAX = 1_000;
    private static final int BACKUP_SETS_MAX = 1_000;
    private static final int MAILBOXES_MAX = 10_000;
    private static final int NAME_LENGTH_MAX = 255;
    private static final long BYTES_MAX = Long.MAX_VALUE;
    private static final Pattern HASH = Pattern.compile("[A-Za-z0-9+/=_:.-]{1,128}");

    Heartbeat {
        running = List.copyOf(running);
        results = List.copyOf(results);
    }

    /** @param seal seals an address for the agent's tenant, so that no plain one leaves this method */
    static Heartbeat read(Field body, Function<String, SealedAddress> seal) {
        return new Heartbeat(
                body.at("sequence").count(Long.MAX_VALUE),
                body.at("bootId").uuid(),
                body.at("sentAt").instant(),
                body.at("statusHash").text(128, HASH, "This is no hash in letters, digits and +/=_:.-"),
                body.ifPresent("status").map(status -> status(status, seal)),
                list(body, "running", COMMANDS_MAX).stream()
                        .map(RunningCommand::read)
                        .toList(),
                list(body, "results", COMMANDS_MAX).stream()
                        .map(ReportedResult::read)
                        .toList());
    }

    private static List<Field> list(Field body, String name, int elementsMax) {
        return body.ifPresent(name).map(list -> list.elements(elementsMax)).orElse(List.of());
    }

    static AgentStatus status(Field status, Function<String, SealedAddress> seal) {
        Field agent = status.at("agent");
        return new AgentStatus(
                agent.at("brand").text(100),
                AgentVersion.read(agent.at("version")),
                server(status.at("server")),
                backupSets(status.at("backupSets"), seal));
    }

    private static AgentStatus.Server server(Field server) {
        server.ifPresent("product").ifPresent(product -> product.text(NAME_LENGTH_MAX));
        return new AgentStatus.Server(
                server.at("name").text(NAME_LENGTH_MAX),
                server.ifPresent("build").map(Heartbeat::build),
                server.ifPresent("plannedUpdate")
                        .map(planned -> new AgentStatus.PlannedUpdate(
                                build(planned.at("build")), planned.at("at").instant())));
    }

    /** An absent build is an honest "unknown"; one that cannot be read is a mistake that somebody should hear of. */
    private static ExchangeBuild build(Field field) {
        return ExchangeBuild.parse(field.text(100))
                .orElseThrow(() -> field.invalid("This is no Exchange build in any of its three shapes."));
    }

    private static List<AgentStatus.BackupSet> backupSets(Field field, Function<String, SealedAddress> seal) {
        List<AgentStatus.BackupSet> sets = new ArrayList<>();
        Set<String> refs = new HashSet<>();
        int mailboxes = 0;
        for (Field element : field.elements(BACKUP_SETS_MAX)) {
            AgentStatus.BackupSet set = backupSet(element, seal);
            if (!refs.add(set.ref())) {
                throw element.at("ref").invalid("Another set of this status has the same ref.");
            }
            mailboxes += set.mailboxes().size();
            if (mailboxes > MAILBOXES_MAX) {
                throw element.at("mailboxes").invalid("A status has at most " + MAILBOXES_MAX + " mailboxes.");
            }
            sets.add(set);
        }
        return sets;
    }

    private static AgentStatus.BackupSet backupSet(Field set, Function<String, SealedAddress> seal) {
        return new AgentStatus.BackupSet(
                set.at("ref").text(200),
                set.at("name").text(NAME_LENGTH_MAX),
                set.at("mode").word(BackupMode.class),
                set.at("scheduleEnabled").flag(),
                set.at("retentionEnabled").flag(),
                set.at("quotaBytes").count(BYTES_MAX),
                set.at("usedBytes").count(BYTES_MAX),
                set.ifPresent("lastJob").map(Heartbeat::lastJob),
                mailboxes(set.at("mailboxes"), seal),
                set.ifPresent("publicFolders")
                        .map(folders -> new PublicFolders(
                                folders.at("items").count(Long.MAX_VALUE),
                                folders.at("bytes").count(BYTES_MAX))));
    }

    private static AgentStatus.LastJob lastJob(Field job) {
        return new AgentStatus.LastJob(job.at("at").instant(), job.at("outcome").word(AgentStatus.JobOutcome.class));
    }

    private static List<AgentStatus.Mailbox> mailboxes(Field field, Function<String, SealedAddress> seal) {
        List<AgentStatus.Mailbox> mailboxes = new ArrayList<>();
        Set<UUID> guids = new HashSet<>();
        for (Field element : field.elements(MAILBOXES_MAX)) {
            UUID guid = element.at("exchangeGuid").uuid();
            if (!guids.add(guid)) {
                throw element.at("exchangeGuid").invalid("Another mailbox of this set has the same GUID.");
            }
            mailboxes.add(new AgentStatus.Mailbox(
                    guid,
                    seal.apply(MailAddress.read(element.at("address"))),
                    element.at("items").count(Long.MAX_VALUE),
                    element.at("bytes").count(BYTES_MAX)));
        }
        return mailboxes;
    }
}
