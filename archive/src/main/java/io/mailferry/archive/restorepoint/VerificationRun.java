package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.KeyWrong;
import io.mailferry.archive.keys.MacKey;
import io.mailferry.archive.keys.SealingKey;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.page.CarriedSkip;
import io.mailferry.archive.page.WitnessMac;
import io.mailferry.archive.part.ArchiveJson;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.ItemOpener;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoredObject;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.RestorePointId;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One verification of one mailbox, step by step. A step that fails by damage ends it only if the next needs it. */
final class VerificationRun {
    private static final int SALVAGED_ENTRIES_MAX = 1_000;

    private final ObjectStore store;
    private final MailboxPlace place;
    private final KeyEncryptionKey kek;
    private final ReadLimits limits;
    private final StoreReads reads;
    private final Damages damages;
    private final VerificationProgress progress;

    VerificationRun(
            ObjectStore store,
            MailboxPlace place,
            KeyEncryptionKey kek,
            ReadLimits limits,
            Damages damages,
            VerificationProgress progress) {
        this.store = store;
        this.place = place;
        this.kek = kek;
        this.limits = limits;
        this.reads = new StoreReads(limits);
        this.damages = damages;
        this.progress = progress;
    }

    Verdict run(Optional<RestorePointId> wanted) throws IOException {
        RecordedPoints points = readLog(wanted);
        boolean logDamaged = !damages.counts().isEmpty();
        if (logDamaged && wanted.isEmpty()) {
            Optional<RestorePointId> behind = newestBehind(points.lastNumber());
            if (behind.isPresent()) {
                return new Verdict.Found(unread(behind.get(), points.lastNumber() + 1));
            }
        }
        if (points.found().isEmpty()) {
            return logDamaged && wanted.isPresent()
                    ? new Verdict.Found(unread(wanted.get(), points.lastNumber() + 1))
                    : new Verdict.NoRestorePoint();
        }
        RecordedPoint point = points.found().get();
        Optional<Keys> opened = openKeys();
        if (opened.isEmpty()) {
            return new Verdict.Found(unread(point.body().id(), point.entry().number()));
        }
        return new Verdict.Found(verify(point, opened.get()));
    }

    /** The log up to its end, or to the first entry that is not sound. */
    private RecordedPoints readLog(Optional<RestorePointId> wanted) throws IOException {
        return reads.retried(() -> {
            RecordedPoints points = new RecordedPoints(wanted);
            try {
                // Nothing is appended, so writer and clock are never looked at.
                new MailboxLog(store, place, new UUID(0, 0), Clock.systemUTC()).read(points);
            } catch (Damaged e) {
                String object = place.logEntry(points.lastNumber() + 1);
                boolean hole = store.get(object).isEmpty();
                damages.object(object, hole ? DamageCause.LOG_HOLE : causeInLog(e.damage()));
            }
            return points;
        });
    }

    private static DamageCause causeInLog(Damage damage) {
        return damage == Damage.UNSUPPORTED ? DamageCause.UNKNOWN_FORMAT : DamageCause.FORGED_LOG_ENTRY;
    }

    /** The newest restore point behind a damaged entry: it cannot be trusted, but it is the one that is asked about. */
    private Optional<RestorePointId> newestBehind(long lastSound) throws IOException {
        List<Long> numbers = reads.retried(() -> store.list(place.logPrefix())).stream()
                .map(StoredObject::name)
                .map(MailboxPlace::logNumber)
                .flatMapToLong(OptionalLong::stream)
                .filter(number -> number > lastSound)
                .boxed()
                .sorted(Comparator.reverseOrder())
                .limit(SALVAGED_ENTRIES_MAX)
                .toList();
        for (long number : numbers) {
            Optional<byte[]> bytes = reads.retried(() -> store.get(place.logEntry(number)));
            if (bytes.isPresent()) {
                Optional<RestorePointId> id = restorePointIn(bytes.get());
                if (id.isPresent()) {
                    return id;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<RestorePointId> restorePointIn(byte[] bytes) {
        try {
            LogEntry entry = ArchiveJson.read(bytes, LogEntry.class, "log entry");
            return entry.body() instanceof Body.RestorePointRecorded recorded
                    ? Optional.of(recorded.id())
                    : Optional.empty();
        } catch (Damaged e) {
            return Optional.empty();
        }
    }

    private Optional<Keys> openKeys() throws IOException {
        Optional<byte[]> mac = keyset(place.macKey());
        Optional<byte[]> sealing = keyset(place.sealingKey());
        if (mac.isEmpty() || sealing.isEmpty()) {
            return Optional.empty();
        }
        Optional<MacKey> macKey = unwrapped(place.macKey(), () -> kek.mac(mac.get()));
        Optional<SealingKey> sealingKey =
                unwrapped(place.sealingKey(), () -> kek.sealing(place.mailbox(), sealing.get()));
        return macKey.flatMap(signing -> sealingKey.map(opening -> new Keys(signing, opening)));
    }

    private Optional<byte[]> keyset(String object) throws IOException {
        Optional<byte[]> wrapped = reads.retried(() -> store.get(object));
        if (wrapped.isEmpty()) {
            damages.object(object, DamageCause.MISSING_OBJECT);
        }
        return wrapped;
    }

    private <T> Optional<T> unwrapped(String object, Supplier<T> unwrap) {
        try {
            return Optional.of(unwrap.get());
        } catch (KeyWrong e) {
            damages.object(object, DamageCause.WRONG_KEY);
            return Optional.empty();
        }
    }

    private Finding verify(RecordedPoint point, Keys keys) throws IOException {
        progress.expected(point.body().folders().stream()
                .mapToLong(folder -> folder.live())
                .sum());
        String recordedIn = place.logEntry(point.entry().number());
        AttemptPlace attempt =
                new AttemptPlace(place.tenant(), place.mailbox(), point.entry().attempt());
        if (!WitnessMac.verify(keys.mac, attempt, point.body().witness())) {
            damages.object(recordedIn, DamageCause.FORGED_WITNESS);
        }
        ItemOpener opener = new ItemOpener(place.tenant(), place.mailbox(), keys.sealing, keys.mac);
        Tally tally = new Tally(point.body().witness());
        PackPass packs = new PackPass(store, place, opener, limits, damages, progress);
        try (Scratch scratch = scratch()) {
            ExternalSort<Version> toRead = new ExternalSort<>(
                    scratch, new VersionForm(), PackPass.ORDER, limits.openMax(), limits.sortBytesMax());
            foldIndex(point, scratch, new IndexPass(place, opener, damages, tally, toRead, segments(point)));
            try (Records<Version> sorted = toRead.sorted()) {
                packs.run(sorted);
            }
        }
        Set<IncompleteReason> reasons = tally.incompleteBecause(point.counts(), point.heads());
        compareWithRecord(point, tally, reasons);
        return finding(point, reasons, packs.items(), packs.bytes());
    }

    private Scratch scratch() throws IOException {
        try {
            return new Scratch(limits.scratch(), limits.scratchBytesMax());
        } catch (IOException e) {
            throw new StoreReads.LocalFailure(e);
        }
    }

    private void foldIndex(RecordedPoint point, Scratch scratch, IndexPass pass) throws IOException {
        MailboxIndex.OnDamage name = (object, damage) -> damages.object(object, causeInSegment(damage.damage()));
        try (Versions versions = new MailboxIndex(store, place, limits).open(point.segments(), scratch, name)) {
            PointInTime at =
                    PointInTime.of(point.entry().number(), point.body().witness(), point.before(), point.generations());
            pass.run(new Fold(versions, at), progress);
        }
    }

    private static DamageCause causeInSegment(Damage damage) {
        return damage == Damage.OUT_OF_ORDER ? DamageCause.INDEX_INCONSISTENT : DamageCause.of(damage);
    }

    private Map<Long, String> segments(RecordedPoint point) {
        Map<Long, String> names = new HashMap<>();
        point.segments()
                .forEach(segment -> names.putIfAbsent(
                        segment.logNumber(), place.segment(segment.segment().id())));
        return names;
    }

    /** Whether the restore point says of itself what is recomputed here. */
    private void compareWithRecord(RecordedPoint point, Tally tally, Set<IncompleteReason> reasons) {
        Body.RestorePointRecorded body = point.body();
        boolean same = Set.copyOf(body.folders()).equals(Set.copyOf(tally.folders()))
                && body.complete() == reasons.isEmpty()
                && body.incompleteBecause().stream()
                        .collect(Collectors.toSet())
                        .equals(reasons.stream().map(IncompleteReason::name).collect(Collectors.toSet()))
                && Set.copyOf(body.skipped()).equals(Set.copyOf(body.witness().carriedSkips()))
                && Set.copyOf(body.gaps()).equals(Set.copyOf(body.witness().gaps()));
        if (!same) {
            damages.object(place.logEntry(point.entry().number()), DamageCause.COUNT_MISMATCH);
        }
    }

    private Finding finding(RecordedPoint point, Set<IncompleteReason> reasons, long items, long bytes) {
        Map<SkipCause, Long> skipped = point.body().skipped().stream()
                .collect(Collectors.groupingBy(VerificationRun::causeOf, Collectors.counting()));
        return new Finding(
                point.body().id(),
                point.entry().number(),
                reasons.isEmpty(),
                reasons,
                items,
                bytes,
                skipped,
                damages.counts(),
                damages.named());
    }

    private Finding unread(RestorePointId id, long logNumber) {
        return new Finding(id, logNumber, false, Set.of(), 0, 0, Map.of(), damages.counts(), damages.named());
    }

    private static SkipCause causeOf(CarriedSkip skip) {
        return Arrays.stream(SkipCause.values())
                .filter(cause -> cause.name().equals(skip.cause()))
                .findFirst()
                .orElse(SkipCause.UNKNOWN_CODE);
    }

    private record Keys(MacKey mac, SealingKey sealing) {}
}
