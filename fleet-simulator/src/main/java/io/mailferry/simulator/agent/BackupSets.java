package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.simulator.ews.ServerBuild;
import io.mailferry.simulator.fleet.Fleet;
import io.mailferry.simulator.fleet.FleetDefinition;
import io.mailferry.simulator.mailbox.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The backup sets that an agent keeps, and what it reports of them. Guarded by its agent's lock. */
final class BackupSets {
    /** From this build on MAPI jobs stop. */
    private static final ServerBuild MAPI_ENDS = new ServerBuild(15, 0, 1497, 2);
    /** What a set takes in the vendor's storage for each byte of mail: retention keeps older states. */
    private static final double STORED_PER_BYTE = 1.4;

    private static final Duration AGE_OF_LAST_JOB = Duration.ofHours(8);

    private record BackupSet(
            String ref,
            String name,
            String mode,
            boolean scheduleEnabled,
            boolean retentionEnabled,
            long quotaBytes,
            List<Mailbox> mailboxes) {}

    private final Map<String, BackupSet> sets = new LinkedHashMap<>();
    private final Fleet.Running server;
    private final Instant lastSuccess;
    /** By set: when its jobs began to fail. */
    private final Map<String, Instant> failures = new HashMap<>();

    BackupSets(Fleet.Running server, Instant now) {
        this.server = server;
        this.lastSuccess = now.minus(AGE_OF_LAST_JOB);
        for (FleetDefinition.BackupSet set : server.definition().backupSets()) {
            List<String> addresses = set.mailboxes();
            List<Mailbox> mailboxes = addresses == null
                    ? server.exchange().mailboxes()
                    : addresses.stream()
                            .map(address -> server.exchange().mailbox(address).orElseThrow())
                            .toList();
            sets.put(
                    set.ref(),
                    new BackupSet(set.ref(), set.name(), set.mode(), true, true, set.quotaBytes(), mailboxes));
        }
    }

    boolean isMapi(String ref) {
        BackupSet set = sets.get(ref);
        return set != null && set.mode().equals("MAPI");
    }

    boolean isEws(String ref) {
        BackupSet set = sets.get(ref);
        return set != null && set.mode().equals("EWS");
    }

    void delete(String ref) {
        sets.remove(ref);
        failures.remove(ref);
    }

    /** Registers an EWS set; empty if a mailbox is not on this server. */
    Optional<String> createEws(String mapiSetRef, String name, List<String> guids) {
        List<Mailbox> mailboxes = new ArrayList<>();
        for (String guid : guids) {
            Optional<Mailbox> found = server.exchange().mailboxes().stream()
                    .filter(mailbox -> mailbox.guid().toString().equals(guid))
                    .findFirst();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            mailboxes.add(found.get());
        }
        String ref = mapiSetRef.replace("mapi", "") + "-ews-" + (sets.size() + 1);
        BackupSet mapi = sets.get(mapiSetRef);
        long quota = mapi == null ? 0 : mapi.quotaBytes();
        sets.put(ref, new BackupSet(ref, name, "EWS", true, true, quota, List.copyOf(mailboxes)));
        return Optional.of(ref);
    }

    void freezeRetention(String ref) {
        sets.computeIfPresent(
                ref,
                (key, set) -> new BackupSet(
                        ref, set.name(), set.mode(), set.scheduleEnabled(), false, set.quotaBytes(), set.mailboxes()));
    }

    void disableSchedule(String ref) {
        sets.computeIfPresent(
                ref,
                (key, set) -> new BackupSet(
                        ref, set.name(), set.mode(), false, set.retentionEnabled(), set.quotaBytes(), set.mailboxes()));
    }

    void report(ArrayNode into, Instant now) {
        boolean mapiBroken = server.exchange().build().atLeast(MAPI_ENDS);
        for (BackupSet set : sets.values()) {
            ObjectNode node = into.addObject();
            node.put("ref", set.ref()).put("name", set.name()).put("mode", set.mode());
            node.put("scheduleEnabled", set.scheduleEnabled()).put("retentionEnabled", set.retentionEnabled());
            long bytes = 0;
            ArrayNode mailboxes = node.putArray("mailboxes");
            for (Mailbox mailbox : set.mailboxes()) {
                long held = mailbox.allFolders().stream()
                        .mapToLong(mailbox::shownBytes)
                        .sum();
                bytes += held;
                mailboxes
                        .addObject()
                        .put("exchangeGuid", mailbox.guid().toString())
                        .put("address", mailbox.address())
                        .put("items", mailbox.items())
                        .put("bytes", held);
            }
            boolean mapi = set.mode().equals("MAPI");
            node.put("quotaBytes", set.quotaBytes());
            node.put("usedBytes", mapi ? (long) (bytes * STORED_PER_BYTE) : 0L);
            if (mapi && mapiBroken && set.scheduleEnabled()) {
                failures.putIfAbsent(set.ref(), now);
            }
            Instant failed = failures.get(set.ref());
            if (mapi) {
                node.putObject("lastJob")
                        .put("at", (failed == null ? lastSuccess : failed).toString())
                        .put("outcome", failed == null ? "SUCCEEDED" : "FAILED");
            }
        }
    }
}
