package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.contracts.id.MailboxId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
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
        running.fleet()
                .change(CHANGED, Map.of("seed", 5, "create", 9, "delete", 7, "move", 5, "update", 4, "markRead", 6));
        long askedBefore = running.fleet().itemsAskedFor();

        operator.export(mailbox);

        long asked = running.fleet().itemsAskedFor() - askedBefore;
        StoredMailbox.Point second = operator.stored(mailbox).newest();
        Compare.sameAsTruth(second, running.fleet().truth(CHANGED));
        assertThat(second.items().stream().filter(StoredMailbox.Item::pendingDeletion))
                .as("deleted and moved-away items stay for one more restore point")
                .hasSize(12);
        assertThat(asked)
                .as("contents fetched: created, moved and updated items")
                .isBetween(18L, 24L);

        operator.export(mailbox);
        assertThat(operator.stored(mailbox).newest().items()).noneMatch(StoredMailbox.Item::pendingDeletion);
        assertThat(operator.verify(mailbox).path("damaged").asLong()).isZero();
    }
}
