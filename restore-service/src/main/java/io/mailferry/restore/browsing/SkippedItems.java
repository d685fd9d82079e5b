package io.mailferry.restore.browsing;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.KeyMissing;
import io.mailferry.archive.keys.KeyWrong;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.log.SegmentRef;
import io.mailferry.archive.page.CarriedSkip;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.ItemOpener;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.MarkerHeader;
import io.mailferry.archive.restorepoint.LoggedSegment;
import io.mailferry.archive.restorepoint.MailboxIndex;
import io.mailferry.archive.restorepoint.ReadLimits;
import io.mailferry.archive.restorepoint.Scratch;
import io.mailferry.archive.restorepoint.ScratchFull;
import io.mailferry.archive.restorepoint.Version;
import io.mailferry.archive.restorepoint.Versions;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreFailure;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens the ids of the items that a restore point lists as skipped. Reads the log and the index segments below it, which
 * for a large mailbox takes its time, and no pack.
 */
@Singleton
final class SkippedItems {
    private static final Logger LOG = Logger.getLogger(SkippedItems.class);

    private final ObjectStore store;
    private final TenantKeys keys;
    private final ReadLimits limits;
    private final Clock clock;
    private final Places places;
    private final int itemsMax;

    SkippedItems(ObjectStore store, TenantKeys keys, ReadLimits limits, Clock clock, BrowsingSettings settings) {
        this.store = store;
        this.keys = keys;
        this.limits = limits;
        this.clock = clock;
        this.places = new Places(settings.skippedItemsAtOnce(), settings.skippedItemsWait());
        this.itemsMax = settings.skippedItemsMax();
    }

    /**
     * In the order of the log; a restore point that the log does not have is a 404.
     *
     * @param from how many of them the caller has seen
     */
    Part of(TenantId tenant, MailboxId mailbox, RestorePointId wanted, int from) {
        return places.in(() -> read(tenant, mailbox, wanted, from));
    }

    private Part read(TenantId tenant, MailboxId mailbox, RestorePointId wanted, int from) {
        MailboxPlace place = new MailboxPlace(tenant, mailbox);
        try {
            return read(place, wanted, from);
        } catch (KeyMissing | KeyWrong e) {
            LOG.errorf(
                    "key unusable tenantId=%s failure=%s", tenant, e.getClass().getSimpleName());
            throw ProblemException.conflict(
                    "The tenant's key is missing or is not the one that the mailbox was sealed by.");
        } catch (Damaged e) {
            LOG.errorf("skipped items not read mailboxId=%s damage=%s", mailbox, e.damage());
            throw ProblemException.conflict("The mailbox's archive is damaged; verify the mailbox to see where.");
        } catch (IOException e) {
            LOG.warnf(
                    "skipped items not read mailboxId=%s failure=%s",
                    mailbox, e.getClass().getSimpleName());
            throw problem(e);
        }
    }

    private static ProblemException problem(IOException failure) {
        return switch (failure) {
            case ScratchFull _ ->
                ProblemException.conflict("The mailbox's index needs more scratch space than"
                        + " mailferry.read.scratch-max admits; raise it, and the volume with it.");
            case FileSystemException _ ->
                ProblemException.unavailable(
                        "The scratch folder of mailferry.read.scratch-directory cannot be used; see to its volume.");
            case StoreFailure _ ->
                ProblemException.unavailable("The object store cannot be read at the moment; try again.");
            // A disk without room tells by its text alone, and a connection that breaks has no type of its own.
            default ->
                ProblemException.unavailable("The connection to the object store broke, or the volume of"
                        + " mailferry.read.scratch-directory is full; try again, and see to the volume if it goes on.");
        };
    }

    private Part read(MailboxPlace place, RestorePointId wanted, int from) throws IOException {
        List<LoggedSegment> segments = new ArrayList<>();
        Found found = new Found(wanted, segments);
        new MailboxLog(store, place, UUID.randomUUID(), clock).read(found::entry);
        LogEntry point = found.point;
        if (point == null || !(point.body() instanceof Body.RestorePointRecorded recorded)) {
            throw ProblemException.notFound();
        }
        int all = recorded.skipped().size();
        if (from >= all) {
            return new Part(List.of(), false);
        }
        int to = (int) Math.min(all, (long) from + itemsMax);
        List<CarriedSkip> skips = recorded.skipped().subList(from, to);
        Set<ItemKey> items = skips.stream().map(CarriedSkip::item).collect(Collectors.toSet());
        Map<ItemKey, IndexEntry> newest = newest(place, segments, items);
        ItemOpener opener = opener(place);
        List<SkippedItemView> views = new ArrayList<>();
        for (CarriedSkip skip : skips) {
            IndexEntry entry = newest.get(skip.item());
            if (entry == null) {
                throw new Damaged(Damage.MISSING, "index entry of a skipped item");
            }
            views.add(view(opener, entry, skip.cause()));
        }
        return new Part(views, to < all);
    }

    /** The newest skip of each of these items. */
    private Map<ItemKey, IndexEntry> newest(MailboxPlace place, List<LoggedSegment> segments, Set<ItemKey> items)
            throws IOException {
        Map<ItemKey, IndexEntry> newest = new HashMap<>();
        try (Scratch scratch = new Scratch(limits.scratch(), limits.scratchBytesMax());
                Versions versions = new MailboxIndex(store, place, limits).open(segments, scratch)) {
            for (Version version = versions.next(); version != null; version = versions.next()) {
                IndexEntry entry = version.entry();
                if (entry.kind() == Kind.SKIP && items.contains(entry.item())) {
                    newest.put(entry.item(), entry);
                }
            }
        }
        return newest;
    }

    private ItemOpener opener(MailboxPlace place) throws IOException {
        KeyEncryptionKey kek = keys.keyEncryption(place.tenant());
        return new ItemOpener(
                place.tenant(),
                place.mailbox(),
                kek.sealing(place.mailbox(), wrapped(place.sealingKey())),
                kek.mac(wrapped(place.macKey())));
    }

    private byte[] wrapped(String object) throws IOException {
        return store.get(object).orElseThrow(() -> new Damaged(Damage.MISSING, "keyset"));
    }

    private static SkippedItemView view(ItemOpener opener, IndexEntry entry, String cause) throws IOException {
        byte[] json = opener.header(entry.kind(), entry.item(), entry.page(), null, entry.header());
        MarkerHeader header = opener.markerHeader(json, entry.item(), entry.folder());
        return new SkippedItemView(header.itemId(), header.folderId(), cause);
    }

    /** @param more whether others follow these */
    record Part(List<SkippedItemView> items, boolean more) {}

    /** Follows the log up to the wanted restore point. */
    private static final class Found {
        private final RestorePointId wanted;
        private final List<LoggedSegment> segments;
        private @Nullable LogEntry point;

        Found(RestorePointId wanted, List<LoggedSegment> segments) {
            this.wanted = wanted;
            this.segments = segments;
        }

        void entry(LogEntry entry) {
            if (point != null) {
                return;
            }
            switch (entry.body()) {
                case Body.PagesStored stored -> {
                    for (SegmentRef segment : stored.segments()) {
                        segments.add(new LoggedSegment(entry.number(), segment));
                    }
                }
                case Body.RestorePointRecorded recorded when recorded.id().equals(wanted) -> point = entry;
                case Body.RestorePointRecorded _, Body.AttemptOpened _, Body.AttemptClosed _ -> {
                    // Says nothing about what is stored.
                }
            }
        }
    }
}
