package io.mailferry.uploader;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.index.SegmentReader;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.MacKey;
import io.mailferry.archive.keys.SealingKey;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.pack.ExtentReader;
import io.mailferry.archive.page.AttemptBegin;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.page.AttemptWriter;
import io.mailferry.archive.page.CarriedSkip;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.archive.page.PageWriter;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.part.ItemHeader;
import io.mailferry.archive.part.ItemOpener;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.OpenedItem;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.TenantId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends attempts of one mailbox with one folder, as the exporter does, and reads back what was stored. */
final class TestExporter {
    final TenantId tenant = TenantId.random();
    final MailboxId mailbox = MailboxId.random();
    final MailboxPlace place = new MailboxPlace(tenant, mailbox);
    AttemptId attempt = AttemptId.random();
    private final Stand stand;
    private final KeyEncryptionKey kek;
    private final byte[] wrappedMac;
    private final byte[] wrappedSealing;
    private final MacKey mac;
    private final SealingKey sealing;
    final FolderKey folder;
    PageId head;
    private long items;

    TestExporter(Stand stand, Path keys) {
        this.stand = stand;
        this.kek = TenantKeys.open(keys, true).keyEncryption(tenant);
        this.wrappedMac = kek.newMac();
        this.wrappedSealing = kek.newSealing(mailbox);
        this.mac = kek.mac(wrappedMac);
        this.sealing = kek.sealing(mailbox, wrappedSealing);
        this.folder = mac.folder(mailbox, "F");
    }

    void begin() {
        sendAll(new AttemptBegin(new AttemptBegin.OfferedKeys(wrappedMac, wrappedSealing)).parts(attemptPlace()));
    }

    void beginAnew() {
        attempt = AttemptId.random();
        items = 0;
        begin();
    }

    /** Encodes a page of new items and makes it the folder's head. */
    List<byte[]> page(int first, int count, int bytes) throws IOException {
        List<byte[]> parts = new ArrayList<>();
        try (AttemptWriter writer = new AttemptWriter(sealing, attemptPlace(), 1, parts::add)) {
            boolean generation = head == null;
            PageWriter page = writer.openPage(folder, head, generation);
            for (int i = first; i < first + count; i++) {
                page.content(key(i), header(i), new ByteArrayInputStream(content(i, bytes)), false);
            }
            head = page.endSync("state-" + first, generation).page();
        }
        items += count;
        return parts;
    }

    void end(long total) {
        sendAll(end(total, 0));
    }

    /** Encodes the end; many skips make it several parts. */
    List<byte[]> end(long total, int skips) {
        List<CarriedSkip> carried = IntStream.range(0, skips)
                .mapToObj(i -> new CarriedSkip(mac.item(mailbox, "S" + i), folder, "ITEM_CORRUPT"))
                .toList();
        return AttemptEnd.signed(
                        mac,
                        attemptPlace(),
                        List.of(new FolderWitness(folder, head, total, total, items, 0, 0, 0, 0)),
                        List.of(),
                        carried)
                .parts(attemptPlace());
    }

    void sendAll(List<byte[]> parts) {
        parts.forEach(this::send);
    }

    void send(byte[] part) {
        try {
            stand.producer
                    .send(new ProducerRecord<>(Topic.ITEMS, mailbox.toString().getBytes(StandardCharsets.UTF_8), part))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    LogState log() throws IOException {
        return mailboxLog().read();
    }

    /** The entries that record restore points, oldest first. */
    List<LogEntry> restorePoints() throws IOException {
        List<LogEntry> points = new ArrayList<>();
        mailboxLog().read(entry -> {
            if (entry.body() instanceof Body.RestorePointRecorded) {
                points.add(entry);
            }
        });
        return points;
    }

    /** Every item that the log has, opened and compared, with how often it is there. */
    Map<String, Integer> stored(int bytes) throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        ItemOpener opener = new ItemOpener(
                tenant,
                mailbox,
                kek.sealing(mailbox, stand.bucket.get(place.sealingKey()).orElseThrow()),
                kek.mac(stand.bucket.get(place.macKey()).orElseThrow()));
        List<LogEntry> entries = new ArrayList<>();
        mailboxLog().read(entries::add);
        for (LogEntry entry : entries) {
            if (entry.body() instanceof Body.PagesStored pages) {
                for (var segment : pages.segments()) {
                    byte[] object =
                            stand.bucket.get(place.segment(segment.id())).orElseThrow();
                    try (SegmentReader reader =
                            new SegmentReader(new ByteArrayInputStream(object), segment.entries())) {
                        for (IndexEntry item = reader.next(); item != null; item = reader.next()) {
                            found.merge(open(opener, item, bytes), 1, Integer::sum);
                        }
                    }
                }
            }
        }
        return found;
    }

    private String open(ItemOpener opener, IndexEntry entry, int bytes) throws IOException {
        if (entry.kind() != Kind.CONTENT) {
            return entry.kind().name();
        }
        try (ExtentReader parts = new ExtentReader(
                entry.extents(),
                extent -> stand.bucket
                        .open(place.pack(extent.pack()), extent.position(), extent.length())
                        .orElseThrow())) {
            OpenedItem item = opener.open(parts);
            ItemHeader header = opener.itemHeader(item.header(), entry.item(), entry.folder());
            InputStream content = item.content();
            int number = Integer.parseInt(header.itemId().substring(1));
            if (content == null || !java.util.Arrays.equals(content.readAllBytes(), content(number, bytes))) {
                throw new AssertionError("another content");
            }
            if (parts.next() != null) {
                throw new AssertionError("more than one item in the extents");
            }
            return header.itemId();
        }
    }

    private MailboxLog mailboxLog() {
        return new MailboxLog(stand.bucket, place, UUID.randomUUID(), Clock.systemUTC());
    }

    private AttemptPlace attemptPlace() {
        return new AttemptPlace(tenant, mailbox, attempt);
    }

    private ItemKey key(int i) {
        return mac.item(mailbox, "I" + i);
    }

    private static byte[] content(int i, int bytes) {
        byte[] content = new byte[bytes];
        new Random(i).nextBytes(content);
        return content;
    }

    private static ItemHeader header(int i) {
        return new ItemHeader(
                "I" + i,
                "CK",
                "F",
                "IPM.Note",
                "Secret subject",
                "someone",
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
}
