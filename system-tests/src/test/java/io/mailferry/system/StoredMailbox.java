package io.mailferry.system;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.Generations;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.pack.ExtentReader;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.archive.part.ItemHeader;
import io.mailferry.archive.part.ItemOpener;
import io.mailferry.archive.part.OpenedItem;
import io.mailferry.archive.restorepoint.Fold;
import io.mailferry.archive.restorepoint.ItemAtPoint;
import io.mailferry.archive.restorepoint.LoggedSegment;
import io.mailferry.archive.restorepoint.MailboxIndex;
import io.mailferry.archive.restorepoint.PointInTime;
import io.mailferry.archive.restorepoint.ReadLimits;
import io.mailferry.archive.restorepoint.Scratch;
import io.mailferry.archive.restorepoint.Versions;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.contracts.exchange.CoverageGap;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What the bucket really holds of a mailbox, opened with the tenant's key. */
final class StoredMailbox {
    private final ObjectStore store;
    private final MailboxPlace place;
    private final Path keys;
    private final Path scratch;

    StoredMailbox(ObjectStore store, TenantId tenant, MailboxId mailbox, Path keys, Path scratch) {
        this.store = store;
        this.place = new MailboxPlace(tenant, mailbox);
        this.keys = keys;
        this.scratch = scratch;
    }

    /** @param read the read flag, changes after the content included */
    record Item(String itemId, String sha256, boolean read, boolean pendingDeletion) {}

    /** The newest restore point: its live items, and what it says of itself. */
    record Point(Body.RestorePointRecorded recorded, List<Item> items) {}

    MailboxPlace place() {
        return place;
    }

    List<LogEntry> log() {
        List<LogEntry> entries = new ArrayList<>();
        try {
            new MailboxLog(store, place, new UUID(0, 0), Clock.systemUTC()).read(entries::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    /** How many pages the log has, of whichever attempt. */
    long pages() {
        return log().stream()
                .map(LogEntry::body)
                .filter(Body.PagesStored.class::isInstance)
                .mapToLong(body -> ((Body.PagesStored) body).pages().size())
                .sum();
    }

    long attempts() {
        return log().stream()
                .filter(entry -> entry.body() instanceof Body.AttemptOpened)
                .count();
    }

    Point newest() throws IOException {
        List<LogEntry> log = log();
        List<LogEntry> points = log.stream()
                .filter(entry -> entry.body() instanceof Body.RestorePointRecorded)
                .toList();
        LogEntry newest = points.getLast();
        Body.RestorePointRecorded recorded = (Body.RestorePointRecorded) newest.body();
        Optional<LogEntry> before = points.size() < 2 ? Optional.empty() : Optional.of(points.get(points.size() - 2));
        List<LoggedSegment> segments = log.stream()
                .filter(entry -> entry.number() < newest.number())
                .flatMap(entry -> entry.body() instanceof Body.PagesStored stored
                        ? stored.segments().stream().map(segment -> new LoggedSegment(entry.number(), segment))
                        : java.util.stream.Stream.empty())
                .toList();
        ItemOpener opener = opener();
        List<Item> items = new ArrayList<>();
        ReadLimits limits = ReadLimits.in(scratch);
        try (Scratch space = new Scratch(scratch, limits.scratchBytesMax());
                Versions versions = new MailboxIndex(store, place, limits).open(segments, space)) {
            Fold fold = new Fold(versions, pointInTime(log, newest, recorded, before));
            for (ItemAtPoint item = fold.next(); item != null; item = fold.next()) {
                if (item instanceof ItemAtPoint.Live live) {
                    items.add(read(opener, live));
                }
            }
        }
        return new Point(recorded, items);
    }

    private static PointInTime pointInTime(
            List<LogEntry> log, LogEntry newest, Body.RestorePointRecorded recorded, Optional<LogEntry> before) {
        Generations generations = new Generations();
        for (LogEntry entry : log) {
            if (entry.body() instanceof Body.PagesStored stored) {
                stored.pages().forEach(page -> generations.add(entry.number(), page.end()));
            }
        }
        return new PointInTime(
                newest.number(),
                before.map(LogEntry::number).orElse(0L),
                folders(recorded),
                before.map(entry -> folders((Body.RestorePointRecorded) entry.body()))
                        .orElse(Set.of()),
                recorded.gaps().contains(CoverageGap.FOLDER_FORBIDDEN.name()),
                generations);
    }

    private static Set<FolderKey> folders(Body.RestorePointRecorded recorded) {
        return recorded.witness().folders().stream().map(FolderWitness::folder).collect(Collectors.toSet());
    }

    private ItemOpener opener() throws IOException {
        KeyEncryptionKey kek = TenantKeys.open(keys, false).keyEncryption(place.tenant());
        return new ItemOpener(
                place.tenant(),
                place.mailbox(),
                kek.sealing(place.mailbox(), store.get(place.sealingKey()).orElseThrow()),
                kek.mac(store.get(place.macKey()).orElseThrow()));
    }

    private Item read(ItemOpener opener, ItemAtPoint.Live live) throws IOException {
        IndexEntry entry = live.version().entry();
        try (ExtentReader parts = new ExtentReader(
                entry.extents(),
                extent -> store.open(place.pack(extent.pack()), extent.position(), extent.length())
                        .orElseThrow())) {
            OpenedItem opened = opener.open(parts);
            ItemHeader header = opener.itemHeader(opened.header(), entry.item(), entry.folder());
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (InputStream content = new DigestInputStream(opened.content(), sha256)) {
                content.transferTo(OutputStream.nullOutputStream());
            }
            return new Item(
                    header.itemId(),
                    HexFormat.of().formatHex(sha256.digest()),
                    read(opener, live, header),
                    live.pendingDeletion());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean read(ItemOpener opener, ItemAtPoint.Live live, ItemHeader header) throws IOException {
        Optional<IndexEntry> flag = live.readFlag();
        if (flag.isEmpty()) {
            return header.read();
        }
        IndexEntry entry = flag.get();
        byte[] json = opener.header(entry.kind(), entry.item(), entry.page(), null, entry.header());
        return Boolean.TRUE.equals(
                opener.markerHeader(json, entry.item(), entry.folder()).read());
    }
}
