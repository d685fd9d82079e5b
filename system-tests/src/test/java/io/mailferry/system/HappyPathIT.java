package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.contracts.id.MailboxId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A mailbox goes to S3 whole, is proven, and its second run carries only what changed. */
@ExtendWith(SystemStack.class)
final class HappyPathIT {
    private static final String SPOILED = "path@system.example";
    private static final String CHANGED = "changes@system.example";

    @Test
    void storesEveryReadableItemAndNamesTheSpoiled(SystemStack.Running running) throws IOException {
        Operator operator = running.operator();
        MailboxId mailbox = operator.mailbox(SPOILED);

        JsonNode exported = operator.export(mailbox);
        JsonNode proven = operator.verify(mailbox);

        List<SimulatedFleet.Truth> truth = running.fleet().truth(SPOILED);
        StoredMailbox.Point stored = operator.stored(mailbox).newest();
        long readable = truth.stream().filter(SimulatedFleet.Truth::readable).count();
        Compare.sameAsTruth(stored, truth);
        assertThat(truth.size() - readable).as("spoiled items").isEqualTo(3);
        assertThat(exported.path("items").asLong()).isEqualTo(readable);
        assertThat(proven.path("items").asLong()).isEqualTo(readable);
        assertThat(proven.path("skipped").asLong()).isEqualTo(3);
        assertThat(proven.path("damaged").asLong()).isZero();
        assertThat(proven.path("complete").asBoolean()).isTrue();
    }

    @Test
    void carriesOnlyWhatChangedInASecondRun(SystemStack.Running running) throws IOException {
        Operator operator = running.operator();
        MailboxId mailbox = operator.mailbox(CHANGED);
        operator.export(mailbox);
        Set<String> before = ids(operator.stored(mailbox).newest().items());
        running.fleet()
                .change(CHANGED, Map.of("seed", 5, "create", 9, "delete", 7, "move", 5, "update", 4, "markRead", 6));
        long askedBefore = running.fleet().itemsAskedFor();

        operator.export(mailbox);

        long asked = running.fleet().itemsAskedFor() - askedBefore;
        StoredMailbox.Point second = operator.stored(mailbox).newest();
        Compare.sameAsTruth(second, running.fleet().truth(CHANGED));
        Set<String> now = running.fleet().truth(CHANGED).stream()
                .map(SimulatedFleet.Truth::itemId)
                .collect(Collectors.toSet());
        Set<String> gone = new TreeSet<>(before);
        gone.removeAll(now);
        assertThat(gone).as("deleted and moved-away items").isNotEmpty();
        assertThat(ids(second.items().stream()
                        .filter(StoredMailbox.Item::pendingDeletion)
                        .toList()))
                .as("what is gone stays for one more restore point")
                .isEqualTo(gone);
        // Each of at most 18 created, moved and updated items is asked for twice: its properties, then its content.
        assertThat(asked).as("items asked for").isBetween(2L, 36L);

        operator.export(mailbox);
        assertThat(operator.stored(mailbox).newest().items()).noneMatch(StoredMailbox.Item::pendingDeletion);
        assertThat(operator.verify(mailbox).path("damaged").asLong()).isZero();
    }

    private static Set<String> ids(List<StoredMailbox.Item> items) {
        return items.stream().map(StoredMailbox.Item::itemId).collect(Collectors.toCollection(TreeSet::new));
    }
}
