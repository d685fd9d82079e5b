package io.mailferry.archive.restorepoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.log.Generations;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.part.Kind;
import io.mailferry.contracts.id.PageId;
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
import org.jspecify.annotations.Nullable;

/**
 * Holds the fold, with its merges on disk, against a model that replays everything in memory: a mailbox as a map, changed
 * entry by entry, with restore points in between.
 */
class FoldModelTest {
    private static final FolderKey FOLDER = Histories.folder(1);

    /** A page that says one thing of an item, in the log entry of the page before it or in one of its own; or a restore point. */
    record Step(int item, Kind kind, Marks marks, boolean joins, boolean restorePoint) {}

    /** What a page's end says of how far the folder was read. */
    enum Marks {
        NONE,
        BEGINS_ANEW,
        SYNCED,
        BEGINS_ANEW_AND_SYNCED,
        READ_TO_ITS_END,
        BEGINS_ANEW_AND_READ_TO_ITS_END;

        boolean beginsAnew() {
            return this == BEGINS_ANEW || this == BEGINS_ANEW_AND_SYNCED || this == BEGINS_ANEW_AND_READ_TO_ITS_END;
        }

        boolean synced() {
            return this != NONE && this != BEGINS_ANEW;
        }

        boolean readToItsEnd() {
            return this == READ_TO_ITS_END || this == BEGINS_ANEW_AND_READ_TO_ITS_END;
        }

        PageEnd of(PageId page) {
            return new PageEnd(page, FOLDER, null, 1, "00", 1, 0, 0, 0, 0, synced(), beginsAnew(), readToItsEnd());
        }
    }

    @Property(tries = 300)
    void yieldsWhatReplayingYields(@ForAll("stories") List<Step> story, @ForAll("openMax") int openMax)
            throws IOException {
        Model model = new Model();
        Map<Long, List<Version>> segments = new TreeMap<>();
        Generations generations = new Generations();
        long number = 0;
        for (Step step : story) {
            if (step.restorePoint) {
                number++;
                model.restorePoint(number);
            } else {
                number += step.joins && segments.containsKey(number) ? 0 : 1;
                int ordinal = segments.getOrDefault(number, List.of()).size();
                Version version = Histories.version(number, ordinal, step.kind, Histories.item(step.item), FOLDER);
                segments.computeIfAbsent(number, _ -> new ArrayList<>()).add(version);
                generations.add(number, step.marks.of(version.entry().page()));
                model.apply(version, step.marks);
            }
        }
        long end = number + 1;
        PointInTime point = new PointInTime(end, model.lastPoint, Set.of(FOLDER), Set.of(FOLDER), false, generations);

        assertThat(fold(segments, point, openMax)).isEqualTo(model.at());
    }

    @Provide
    Arbitrary<List<Step>> stories() {
        Arbitrary<Integer> items = Arbitraries.integers().between(1, 4);
        Arbitrary<Kind> kinds = Arbitraries.of(Kind.CONTENT, Kind.REFERENCE, Kind.DELETION, Kind.READ_FLAG, Kind.SKIP);
        Arbitrary<Marks> marks = Arbitraries.of(Marks.class);
        Arbitrary<Boolean> joins = Arbitraries.of(true, false);
        Arbitrary<Step> changes = Combinators.combine(items, kinds, marks, joins)
                .as((item, kind, mark, joining) -> new Step(item, kind, mark, joining, false));
        Arbitrary<Step> points = Arbitraries.just(new Step(0, Kind.END, Marks.NONE, false, true));
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
                segment.sort(Version.ORDER);
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

    /**
     * A mailbox replayed step by step: deletions wait in a list until a restore point has seen them. A reading anew keeps
     * a list of what it saw, and deletes the rest when it comes to its end.
     */
    private static final class Model {
        private final Map<ItemKey, Long> contents = new HashMap<>();
        private final Map<ItemKey, Long> skips = new HashMap<>();
        private final Set<ItemKey> flagged = new HashSet<>();
        private final Set<ItemKey> deletedSinceLastPoint = new HashSet<>();
        private final Set<ItemKey> deletedBefore = new HashSet<>();
        private final Set<ItemKey> seenSinceSync = new HashSet<>();
        private @Nullable Set<ItemKey> seenAnew;
        private long lastPoint;

        void restorePoint(long number) {
            deletedBefore.addAll(deletedSinceLastPoint);
            deletedSinceLastPoint.clear();
            lastPoint = number;
        }

        void apply(Version version, Marks marks) {
            if (marks.beginsAnew()) {
                seenAnew = new HashSet<>(seenSinceSync);
            }
            apply(version);
            if (marks.readToItsEnd() && seenAnew != null) {
                deleteAllBut(seenAnew);
                seenAnew = null;
            }
            if (marks.synced()) {
                seenSinceSync.clear();
            }
        }

        private void deleteAllBut(Set<ItemKey> seen) {
            for (ItemKey item : contents.keySet()) {
                if (!seen.contains(item) && !deletedBefore.contains(item)) {
                    deletedSinceLastPoint.add(item);
                }
            }
            skips.keySet().removeIf(item -> !contents.containsKey(item) && !seen.contains(item));
        }

        private void apply(Version version) {
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
            seenSinceSync.add(item);
            if (seenAnew != null) {
                seenAnew.add(item);
            }
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
