package io.mailferry.archive.restorepoint;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.index.SegmentWriter;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.MacKey;
import io.mailferry.archive.keys.SealingKey;
import io.mailferry.archive.log.Append;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.log.PackRef;
import io.mailferry.archive.log.SegmentRef;
import io.mailferry.archive.log.StoredPage;
import io.mailferry.archive.pack.Extent;
import io.mailferry.archive.pack.PackContents;
import io.mailferry.archive.pack.PackWriter;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.page.AttemptWriter;
import io.mailferry.archive.page.CarriedSkip;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.page.PageWriter;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.part.FolderHeader;
import io.mailferry.archive.part.ItemHeader;
import io.mailferry.archive.part.MarkerHeader;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.part.Parts;
import io.mailferry.archive.part.Sha256;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * A mailbox in a real bucket, written through the archive's writers as exporter and uploader would: every page becomes a
 * pack, a segment and a log entry of its own, so that there is something to mix up.
 */
public final class GoldenMailbox {
    public static final String INBOX = "inbox-id";
    public static final String SENT = "sent-id";

    public final MailboxPlace place;
    public final List<String> packs = new ArrayList<>();
    public final List<String> segments = new ArrayList<>();
    public final Map<String, byte[]> contents = new HashMap<>();

    private final ObjectStore store;
    private final Path scratch;
    private final MacKey mac;
    private final SealingKey sealing;
    private final MailboxLog log;
    private final LogState state;
    private final Map<FolderKey, PageId> heads = new HashMap<>();
    private final Map<ItemKey, CarriedSkip> skips = new HashMap<>();
    private final Map<FolderKey, Long> there = new HashMap<>();
    private final Random random = new Random(7);
    private final List<PageEnd> ends = new ArrayList<>();
    private AttemptId attempt = AttemptId.random();

    public GoldenMailbox(ObjectStore store, KeyEncryptionKey kek, TenantId tenant, Path scratch) throws IOException {
        this.store = store;
        this.scratch = scratch;
        this.place = new MailboxPlace(tenant, MailboxId.random());
        byte[] wrappedMac = store.get(place.macKey()).orElse(null);
        if (wrappedMac == null) {
            wrappedMac = kek.newMac();
            store.put(place.macKey(), wrappedMac);
        }
        this.mac = kek.mac(wrappedMac);
        byte[] wrappedSealing = kek.newSealing(place.mailbox());
        store.put(place.sealingKey(), wrappedSealing);
        this.sealing = kek.sealing(place.mailbox(), wrappedSealing);
        this.log = new MailboxLog(store, place, UUID.randomUUID(), Clock.systemUTC());
        this.state = log.read();
    }

    public ItemKey item(String id) {
        return mac.item(place.mailbox(), id);
    }

    public FolderKey folder(String id) {
        return mac.folder(place.mailbox(), id);
    }

    public void begin() throws IOException {
        attempt = AttemptId.random();
        ends.clear();
        append(new Body.AttemptOpened(List.of()));
    }

    /** What a page says, by the writer. */
    public interface Page {
        void write(PageWriter page) throws IOException;
    }

    public void page(String folderId, Page content) throws IOException {
        page(folder(folderId), content);
    }

    public void hierarchy(String... folderIds) throws IOException {
        page(mac.hierarchy(place.mailbox()), page -> {
            for (String id : folderIds) {
                page.folder(folder(id), new FolderHeader(id, "ck", null, id, "IPF.Note", null, false));
            }
        });
    }

    private void page(FolderKey folder, Page content) throws IOException {
        Parts parts = new Parts();
        PageEnd end;
        AttemptPlace at = new AttemptPlace(place.tenant(), place.mailbox(), attempt);
        try (AttemptWriter writer = new AttemptWriter(sealing, at, 1, parts)) {
            PageWriter page = writer.openPage(folder, heads.get(folder), false);
            content.write(page);
            end = page.endSync("state", false);
        }
        heads.put(folder, end.page());
        ends.add(end);
        store(end, parts.read());
    }

    public void content(PageWriter page, String folderId, String id, int size, boolean update) throws IOException {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        contents.put(id, bytes);
        page.content(item(id), header(id, folderId), new ByteArrayInputStream(bytes), update);
        skips.remove(item(id));
        if (!update) {
            there.merge(folder(folderId), 1L, Long::sum);
        }
    }

    public void deletion(PageWriter page, String folderId, String id) throws IOException {
        page.deletion(item(id), new MarkerHeader(id, folderId, null, null));
        skips.remove(item(id));
        there.merge(folder(folderId), -1L, Long::sum);
    }

    public void readFlag(PageWriter page, String folderId, String id) throws IOException {
        page.readFlag(item(id), new MarkerHeader(id, folderId, null, true));
    }

    public void skip(PageWriter page, String folderId, String id) throws IOException {
        page.skip(item(id), new MarkerHeader(id, folderId, "ck", null), "ITEM_CORRUPT");
        skips.put(item(id), new CarriedSkip(item(id), folder(folderId), "ITEM_CORRUPT"));
        there.merge(folder(folderId), 1L, Long::sum);
    }

    /** Records a restore point whose folders are those given, with as many items as Exchange would say. */
    public RestorePointId end(String... folderIds) throws IOException {
        List<FolderWitness> folders = new ArrayList<>();
        for (String id : folderIds) {
            folders.add(witness(folder(id), there.getOrDefault(folder(id), 0L)));
        }
        folders.add(witness(mac.hierarchy(place.mailbox()), -1));
        AttemptPlace at = new AttemptPlace(place.tenant(), place.mailbox(), attempt);
        return record(AttemptEnd.signed(mac, at, folders, List.of(), List.copyOf(skips.values())));
    }

    public RestorePointId record(AttemptEnd witness) throws IOException {
        RestorePointId id = RestorePointId.random();
        LoggedIndex logged = new LoggedIndex();
        log.read(logged);
        ReadLimits limits = ReadLimits.in(scratch);
        try (Scratch space = new Scratch(scratch, 1 << 28);
                Versions versions = new MailboxIndex(store, place, limits).open(logged.segments(), space)) {
            append(RestorePointRecording.of(id, state, witness, logged.generations(), versions));
        }
        return id;
    }

    /** The newest log entry's number. */
    public long logNumber() {
        return state.number();
    }

    private FolderWitness witness(FolderKey folder, long total) {
        long items = 0;
        long updates = 0;
        long deletions = 0;
        long readFlags = 0;
        long skipped = 0;
        for (PageEnd end : ends) {
            if (end.folder().equals(folder)) {
                items += end.items();
                updates += end.updates();
                deletions += end.deletions();
                readFlags += end.readFlags();
                skipped += end.skips();
            }
        }
        return new FolderWitness(
                folder, heads.get(folder), total, total, items, updates, deletions, readFlags, skipped);
    }

    private static ItemHeader header(String id, String folderId) {
        return new ItemHeader(
                id,
                "ck",
                folderId,
                "IPM.Note",
                "subject of " + id,
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                1,
                false,
                false,
                List.of(),
                "mime",
                List.of());
    }

    private void store(PageEnd end, List<Part> parts) throws IOException {
        Path file = scratch.resolve(UUID.randomUUID().toString());
        Files.createDirectories(scratch);
        List<IndexEntry> entries = new ArrayList<>();
        PackContents pack;
        long sealedBytes = 0;
        try (PackWriter writer = new PackWriter(file)) {
            List<Part> run = new ArrayList<>();
            for (Part part : parts) {
                sealedBytes += part.encodedLength();
                run.add(part);
                if (part.label().last()) {
                    if (part.label().kind().indexed()) {
                        entries.add(entry(writer, run, entries.size()));
                    }
                    run.clear();
                }
            }
            pack = writer.finish();
        }
        store.put(place.pack(pack.id()), file, pack.checksums());
        Files.delete(file);
        packs.add(place.pack(pack.id()));
        byte[] segment = SegmentWriter.write(entries);
        UUID segmentId = UUID.randomUUID();
        store.put(place.segment(segmentId), segment);
        segments.add(place.segment(segmentId));
        append(new Body.PagesStored(
                List.of(new PackRef(pack.id(), pack.bytes(), pack.sha256(), pack.md5())),
                List.of(new SegmentRef(segmentId, segment.length, Sha256.hex(segment), entries.size())),
                List.of(new StoredPage(end, sealedBytes, null))));
    }

    private static IndexEntry entry(PackWriter writer, List<Part> run, long ordinal) throws IOException {
        writer.startExtent();
        List<byte[]> header = new ArrayList<>();
        long sealedBytes = 0;
        for (Part part : run) {
            writer.append(part);
            sealedBytes += part.encodedLength();
            if (part.headerLength() > 0) {
                header.add(part.sealedHeader());
            }
        }
        Extent extent = writer.endExtent();
        var label = run.getFirst().label();
        return new IndexEntry(
                label.item(),
                label.folder(),
                label.kind(),
                ordinal,
                label.page(),
                label.contentId(),
                List.of(extent),
                header,
                run.size(),
                sealedBytes,
                null);
    }

    private void append(Body body) throws IOException {
        if (!(log.append(state, attempt, body) instanceof Append.Appended)) {
            throw new AssertionError("nobody else writes here");
        }
    }
}
