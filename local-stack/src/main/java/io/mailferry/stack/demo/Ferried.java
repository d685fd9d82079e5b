package io.mailferry.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.cli.terminal.ProgressBar;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One mailbox on its way: what the simulator holds, what was stored of it, and what was read back. */
final class Ferried {
    private final String tenant;
    private final FleetControl.SimulatedMailbox truth;
    private final ProgressBar bar;
    private final Map<String, Long> skipped = new TreeMap<>();
    private String mailboxId = "";
    private long stored;
    private long verified;
    private long damaged;
    private long bytes;
    private boolean complete;
    private boolean isExported;
    private boolean isVerified;
    private boolean isSkippedRightly;

    Ferried(String tenant, FleetControl.SimulatedMailbox truth, ProgressBar bar) {
        this.tenant = tenant;
        this.truth = truth;
        this.bar = bar;
    }

    void known(String id) {
        mailboxId = id;
    }

    /** @param progress of an export command: items, bytes, expectedItems */
    void exporting(JsonNode progress) {
        long items = progress.path("items").asLong();
        long expected = progress.path("expectedItems").asLong();
        if (!isExported && (items > 0 || expected > 0)) {
            bytes = Math.max(bytes, progress.path("bytes").asLong());
            bar.moveTo(items, bytes, expected > 0 ? expected : truth.items());
        }
    }

    /** @param outcome ExportFinished */
    void exported(JsonNode outcome) {
        isExported = true;
        stored = outcome.path("items").asLong();
        skipped.clear();
        outcome.path("skipped")
                .properties()
                .forEach(cause -> skipped.put(cause.getKey(), cause.getValue().asLong()));
        complete = outcome.path("complete").asBoolean();
        bytes = Math.max(bytes, outcome.path("sealedBytes").asLong());
        bar.moveTo(outcome.path("items").asLong(), bytes, truth.items());
        bar.done(outcome.path("items").asLong(), bytes, "verifying");
    }

    /** @param proof RestorePointProven of the planner, or a verification of restore-service */
    void verified(JsonNode proof) {
        isVerified = true;
        verified = proof.path("items").asLong();
        damaged = proof.path("damaged").asLong();
        complete &= proof.path("complete").asBoolean();
        bytes = Math.max(bytes, proof.path("bytes").asLong());
        bar.note(skippedCount() == 0 ? "verified" : "verified, " + skippedCount() + " skipped");
    }

    void failed(String why) {
        bar.failed(why);
    }

    void stored(long items) {
        stored = items;
    }

    /**
     * @param skippedIds of the items that the restore point lists as skipped
     * @param unreadableIds of the items that the simulator was told to spoil so that nobody can read them
     */
    void skippedItems(Set<String> skippedIds, Set<String> unreadableIds) {
        isSkippedRightly = skippedIds.size() == skippedCount() && skippedIds.equals(unreadableIds);
    }

    boolean isMoving() {
        return bar.state() == ProgressBar.State.MOVING;
    }

    boolean isExported() {
        return isExported;
    }

    boolean isVerified() {
        return isVerified;
    }

    String tenant() {
        return tenant;
    }

    String mailboxId() {
        return mailboxId;
    }

    FleetControl.SimulatedMailbox truth() {
        return truth;
    }

    String address() {
        return truth.address();
    }

    long items() {
        return truth.items();
    }

    long storedItems() {
        return stored;
    }

    long verifiedItems() {
        return verified;
    }

    long bytes() {
        return bytes;
    }

    Map<String, Long> skippedByCause() {
        return Map.copyOf(skipped);
    }

    long skippedCount() {
        return skipped.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Items that are neither proven nor reported as unreadable: what must never be. Not known before the proof. */
    long lost() {
        return isVerified ? Math.max(0, truth.items() - verified - skippedCount()) : 0;
    }

    /** Whether the skipped items are those that were spoiled, each of them and no other. */
    boolean isSkippedRightly() {
        return isSkippedRightly;
    }

    /** Whether every item is proven but for those that the simulator was told to spoil, and no other is missing. */
    boolean isRight() {
        return isVerified
                && complete
                && damaged == 0
                && stored == verified
                && isSkippedRightly
                && skippedCount() == truth.unreadable()
                && verified + skippedCount() == truth.items();
    }
}
