package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Holds what is stored against the simulator's own truth, item by item and byte by byte. */
final class Compare {
    private Compare() {}

    /** Every readable item is live, with its bytes and its read flag, and nothing else is but what is about to go. */
    static void sameAsTruth(StoredMailbox.Point stored, List<SimulatedFleet.Truth> truth) {
        Map<String, String> wanted = truth.stream()
                .filter(SimulatedFleet.Truth::readable)
                .collect(Collectors.toMap(SimulatedFleet.Truth::itemId, item -> item.sha256() + " " + item.read()));
        List<StoredMailbox.Item> live =
                stored.items().stream().filter(item -> !item.pendingDeletion()).toList();
        assertThat(live)
                .as("live items, none twice")
                .extracting(StoredMailbox.Item::itemId)
                .doesNotHaveDuplicates();
        assertThat(live.stream()
                        .collect(Collectors.toMap(
                                StoredMailbox.Item::itemId, item -> item.sha256() + " " + item.read())))
                .as("live items by id: checksum and read flag")
                .isEqualTo(wanted);
        assertThat(stored.recorded().skipped()).as("skipped items").hasSize((int)
                truth.stream().filter(item -> !item.readable()).count());
        assertThat(stored.recorded().incompleteBecause()).isEmpty();
        assertThat(stored.recorded().complete()).isTrue();
    }

    /** The same bytes under any ids, for items whose ids change. */
    static List<String> checksums(List<StoredMailbox.Item> items) {
        return items.stream().map(StoredMailbox.Item::sha256).sorted().toList();
    }

    static Map<String, Long> counted(List<String> texts) {
        return texts.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
