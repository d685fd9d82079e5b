package io.mailferry.inventory.history;

import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.inventory.InventoryEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an event says that may stay in the history: everything but addresses, which are personal data even when sealed.
 *
 * @param before empty if there was nothing before, or the event does not say
 */
record Facts(
        @Nullable AgentId agent,
        @Nullable BackupSetId backupSet,
        @Nullable MailboxId mailbox,
        Map<String, Object> before,
        Map<String, Object> after) {

    static Facts of(InventoryEvent.OfServer event) {
        return switch (event) {
            case InventoryEvent.ServerDiscovered found ->
                ofServer(Map.of(), with(build(found.build()), "name", found.name()));
            case InventoryEvent.ServerConnected connected ->
                ofServer(
                        Map.of(),
                        ordered(
                                "url",
                                connected.endpoint().url(),
                                "trust",
                                connected.endpoint().trust().getClass().getSimpleName(),
                                "credentialRef",
                                connected.endpoint().credentialRef(),
                                "impersonate",
                                connected.endpoint().impersonate(),
                                "insecureHttp",
                                connected.endpoint().insecureHttp()));
            case InventoryEvent.ExchangeUpdated updated -> ofServer(build(updated.before()), build(updated.now()));
            case InventoryEvent.ExchangeUpdatePlanned planned ->
                ofServer(
                        Map.of(),
                        ordered(
                                "build",
                                planned.build().toString(),
                                "at",
                                planned.at().toString()));
            case InventoryEvent.ExchangeUpdateWithdrawn withdrawn ->
                ofServer(ordered("build", withdrawn.build().toString()), Map.of());
            case InventoryEvent.ServerBuildDiffers differs ->
                ofServer(
                        Map.of(),
                        ordered(
                                "reported",
                                differs.reported().map(ExchangeBuild::toString).orElse("unknown"),
                                "observed",
                                differs.observed().toString()));
            case InventoryEvent.ServerBuildAgrees agrees -> ofServer(Map.of(), build(Optional.of(agrees.build())));
            case InventoryEvent.AgentRegistered agent ->
                new Facts(
                        agent.agent(),
                        null,
                        null,
                        Map.of(),
                        ordered("brand", agent.brand(), "version", agent.version()));
            case InventoryEvent.AgentUpgraded agent ->
                new Facts(
                        agent.agent(),
                        null,
                        null,
                        ordered("version", agent.before()),
                        ordered("brand", agent.brand(), "version", agent.now()));
            case InventoryEvent.AgentSilent silent ->
                new Facts(
                        silent.agent(),
                        null,
                        null,
                        Map.of(),
                        ordered("lastSeenAt", silent.lastSeenAt().toString()));
            case InventoryEvent.AgentReturned returned -> new Facts(returned.agent(), null, null, Map.of(), Map.of());
            case InventoryEvent.MailboxChanged mailbox -> ofMailbox(mailbox);
            case InventoryEvent.MailboxLeft left ->
                new Facts(null, left.backupSet(), left.mailbox(), Map.of(), Map.of());
            case InventoryEvent.BackupSetChanged set -> ofSet(set.backupSet(), ofSet(set));
            case InventoryEvent.QuotaChanged quota ->
                ofSet(quota.backupSet(), ordered("quotaBytes", quota.quotaBytes(), "usedBytes", quota.usedBytes()));
            case InventoryEvent.BackupSetDisappeared gone -> ofSet(gone.backupSet(), Map.of());
            case InventoryEvent.BackupSetReturned back -> ofSet(back.backupSet(), Map.of());
            case InventoryEvent.BackupJobSucceeded job ->
                ofSet(job.backupSet(), ordered("at", job.at().toString()));
            case InventoryEvent.BackupJobFailed job ->
                ofSet(job.backupSet(), ordered("at", job.at().toString()));
        };
    }

    /** @param before the same event as it would have told what was so until now */
    static Facts of(InventoryEvent.OfServer before, InventoryEvent.OfServer event) {
        Facts now = of(event);
        if (before instanceof InventoryEvent.MailboxChanged was
                && event instanceof InventoryEvent.MailboxChanged is
                && !was.address().equals(is.address())) {
            now.after().put("addressChanged", true);
        }
        return new Facts(now.agent(), now.backupSet(), now.mailbox(), of(before).after(), now.after());
    }

    private static Facts ofServer(Map<String, Object> before, Map<String, Object> after) {
        return new Facts(null, null, null, before, after);
    }

    private static Facts ofSet(BackupSetId set, Map<String, Object> after) {
        return new Facts(null, set, null, Map.of(), after);
    }

    private static Facts ofMailbox(InventoryEvent.MailboxChanged mailbox) {
        Map<String, Object> after = ordered("items", mailbox.items(), "bytes", mailbox.bytes());
        mailbox.exchangeGuid().ifPresent(guid -> after.put("exchangeGuid", guid.toString()));
        return new Facts(null, mailbox.backupSet().orElse(null), mailbox.mailbox(), Map.of(), after);
    }

    private static Map<String, Object> ofSet(InventoryEvent.BackupSetChanged set) {
        Map<String, Object> facts = ordered(
                "agentId",
                set.agent().toString(),
                "name",
                set.name(),
                "mode",
                set.mode().name(),
                "scheduleEnabled",
                set.scheduleEnabled(),
                "retentionEnabled",
                set.retentionEnabled(),
                "mailboxes",
                set.mailboxes());
        set.publicFolders().ifPresent(folders -> {
            facts.put("publicFolderItems", folders.items());
            facts.put("publicFolderBytes", folders.bytes());
        });
        return facts;
    }

    private static Map<String, Object> build(Optional<ExchangeBuild> build) {
        return ordered("build", build.map(ExchangeBuild::toString).orElse("unknown"));
    }

    private static Map<String, Object> with(Map<String, Object> facts, String name, Object value) {
        facts.put(name, value);
        return facts;
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> facts = new LinkedHashMap<>();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            facts.put((String) namesAndValues[index], namesAndValues[index + 1]);
        }
        return facts;
    }
}
