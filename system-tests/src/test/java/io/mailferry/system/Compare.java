package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds what is stored against the simulator's own truth, item by item and byte by byte. */
final class Compare {
    private static final int LINES_MAX = 5;

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
        Map<String, String> found = live.stream()
                .collect(Collectors.toMap(StoredMailbox.Item::itemId, item -> item.sha256() + " " + item.read()));
        assertThat(differences(wanted, found))
                .as("differences between the truth and what is live, of " + wanted.size() + " items")
                .isEmpty();
        assertThat(stored.recorded().skipped()).as("skipped items").hasSize((int)
                truth.stream().filter(item -> !item.readable()).count());
        assertThat(stored.recorded().incompleteBecause()).isEmpty();
        assertThat(stored.recorded().complete()).isTrue();
    }

    /** A line for each item that is missing, not wanted or not the same; named by the end of its id. */
    private static List<String> differences(Map<String, String> wanted, Map<String, String> found) {
        return Stream.concat(wanted.keySet().stream(), found.keySet().stream())
                .distinct()
                .filter(id -> !Objects.equals(wanted.get(id), found.get(id)))
                .map(id -> id.substring(id.length() - 12) + " wanted " + wanted.get(id) + " found " + found.get(id))
                .limit(LINES_MAX)
                .toList();
    }
}
