package io.mailferry.archive.restorepoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.log.Generations;
import io.mailferry.archive.part.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Holds the fold, with its merges on disk, against a model that replays everything in memory: a mailbox as a map, changed
 * entry by entry, with restore points in between.
 */
class FoldModelTest {
    private static final FolderKey FOLDER = Histories.folder(1);

    /** One thing that a log entry says of an item, or, without kind, that the entry records a restore point. */
    record Step(int item, Kind kind, boolean restorePoint) {}

    @Property(tries = 300)
    void yieldsWhatReplayingYields(@ForAll("stories") List<Step> story, @ForAll("openMax") int openMax)
            throws IOException {
        Model model = new Model();
        Map<Long, List<Version>> segments = new TreeMap<>();
        long number = 0;
        for (Step step : story) {
            number++;
            if (step.restorePoint) {
                model.restorePoint(number);
            } else {
                Version version = Histories.version(number, 0, step.kind, Histories.item(step.item), FOLDER);
                segments.computeIfAbsent(number, _ -> new ArrayList<>()).add(version);
                model.apply(version);
            }
        }
        long end = number + 1;
        PointInTime point =
                new PointInTime(end, model.lastPoint, Set.of(FOLDER), Set.of(FOLDER), false, new Generations());

        assertThat(fold(segments, point, openMax)).isEqualTo(model.at());
    }

    @Provide
    Arbitrary<List<Step>> stories() {
        Arbitrary<Integer> items = Arbitraries.integers().between(1, 4);
        Arbitrary<Kind> kinds = Arbitraries.of(Kind.CONTENT, Kind.REFERENCE, Kind.DELETION, Kind.READ_FLAG, Kind.SKIP);
        Arbitrary<Step> changes = Combinators.combine(items, kinds).as((item, kind) -> new Step(item, kind, false));
        Arbitrary<Step> points = Arbitraries.just(new Step(0, Kind.END, true));
        return Arbitraries.frequencyOf(Tuple.of(6, changes), Tuple.of(1, points))
                .list()
                .ofMaxSize(40);
    }

    @Provide
    Arbitrary<Integer> openMax() {
        return Arbitraries.integers().between(2, 5);
    }

    private static Map<ItemKey, String> fold(Map<Long, List<Version>> segments, PointInTime point, int openMax)
            throws IOException {
        Path folder = Files.createTempDirectory("fold");
        try (Scratch scratch = new Scratch(folder, 1 << 20)) {
            SortedRuns<Version> runs = new SortedRuns<>(scratch, new VersionForm(), Version.ORDER, openMax);
            List<SortedRuns.Opener<Version>> sources = new ArrayList<>();
            for (List<Version> segment : segments.values()) {
                sources.add(runs.spill(segment));
            }
            Map<ItemKey, String> found = new HashMap<>();
            try (Records<Version> merged = runs.merge(sources)) {
                Fold fold = new Fold(asVersions(merged), point);
                ItemKey last = null;
                for (ItemAtPoint item = fold.next(); item != null; item = fold.next()) {
                    ItemKey key = keyOf(item);
                    assertThat(last == null || last.compareTo(key) < 0).isTrue();
                    last = key;
                    found.put(key, describe(item));
                }
            }
            return found;
        } finally {
            Files.delete(folder);
        }
    }

    private static Versions asVersions(Records<Version> records) {
        return new Versions() {
            @Override
            public Version next() throws IOException {
                return records.next();
            }

            @Override
            public void close() {}
        };
    }

    private static ItemKey keyOf(ItemAtPoint item) {
        return switch (item) {
            case ItemAtPoint.Live live -> live.version().entry().item();
            case ItemAtPoint.OnlySkipped skipped -> skipped.version().entry().item();
            case ItemAtPoint.Folder folder -> folder.version().entry().item();
        };
    }

    private static String describe(ItemAtPoint item) {
        return switch (item) {
            case ItemAtPoint.Live live ->
                "live " + live.version().logNumber() + (live.pendingDeletion() ? " pending" : "")
                        + (live.readFlag().isPresent() ? " flagged" : "")
                        + (live.skip().isPresent() ? " skipped" : "");
            case ItemAtPoint.OnlySkipped skipped ->
                "skipped " + skipped.version().logNumber();
            case ItemAtPoint.Folder _ -> "folder";
        };
    }

    /** A mailbox replayed step by step: deletions wait in a list until a restore point has seen them. */
    private static final class Model {
        private final Map<ItemKey, Long> contents = new HashMap<>();
        private final Map<ItemKey, Long> skips = new HashMap<>();
        private final Set<ItemKey> flagged = new HashSet<>();
        private final Set<ItemKey> deletedSinceLastPoint = new HashSet<>();
        private final Set<ItemKey> deletedBefore = new HashSet<>();
        private long lastPoint;

        void restorePoint(long number) {
            deletedBefore.addAll(deletedSinceLastPoint);
            deletedSinceLastPoint.clear();
            lastPoint = number;
        }

        void apply(Version version) {
            ItemKey item = version.entry().item();
            switch (version.entry().kind()) {
                case CONTENT, REFERENCE -> {
                    contents.put(item, version.logNumber());
                    skips.remove(item);
                    flagged.remove(item);
                    alive(item);
                }
                case SKIP -> {
                    skips.put(item, version.logNumber());
                    alive(item);
                }
                case READ_FLAG -> flagged.add(item);
                case DELETION -> {
                    skips.remove(item);
                    if (!deletedBefore.contains(item)) {
                        deletedSinceLastPoint.add(item);
                    }
                }
                case BEGIN, FOLDER, PAGE_END, END -> throw new AssertionError();
            }
        }

        private void alive(ItemKey item) {
            deletedSinceLastPoint.remove(item);
            deletedBefore.remove(item);
        }

        Map<ItemKey, String> at() {
            Map<ItemKey, String> found = new HashMap<>();
            List<ItemKey> keys = new ArrayList<>(contents.keySet());
            keys.sort(Comparator.naturalOrder());
            for (ItemKey item : keys) {
                if (!deletedBefore.contains(item)) {
                    found.put(
                            item,
                            "live " + contents.get(item) + (deletedSinceLastPoint.contains(item) ? " pending" : "")
                                    + (flagged.contains(item) ? " flagged" : "")
                                    + (skips.containsKey(item) ? " skipped" : ""));
                }
            }
            skips.forEach((item, number) -> {
                if (!contents.containsKey(item)) {
                    found.put(item, "skipped " + number);
                }
            });
            return found;
        }
    }
}
