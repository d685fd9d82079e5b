package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.part.ItemHeader;
import io.mailferry.archive.part.SealedItem;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.exchange.ExchangeSession;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureReach;
import io.mailferry.exchange.folder.FolderId;
import io.mailferry.exchange.item.HeaderSink;
import io.mailferry.exchange.item.ItemId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads items of one folder into its pages: properties of many first, then contents of a few. Before each request the
 * window must have room, since an answer that nobody reads would make Exchange break it off.
 */
final class ItemReading {
    private final ExchangeSession session;
    private final FolderId folder;
    private final FolderPages pages;
    private final AttemptWatch watch;
    private final ExportTurn turn;
    private final AttemptSettings settings;
    private final Set<ItemKey> failedNow = new HashSet<>();

    ItemReading(
            ExchangeSession session,
            FolderId folder,
            FolderPages pages,
            AttemptWatch watch,
            ExportTurn turn,
            AttemptSettings settings) {
        this.session = session;
        this.folder = folder;
        this.pages = pages;
        this.watch = watch;
        this.turn = turn;
        this.settings = settings;
    }

    /**
     * An item to read.
     *
     * @param size as the server reckons it; -1 if it did not say
     * @param update whether the log has an older state of it
     */
    record Wanted(ItemId id, ItemKey key, long size, boolean update) {}

    /** Told what became of each item, each exactly once. */
    interface Verdicts {
        void stored(Wanted item);

        void unreadable(Wanted item, SkipCause cause);

        void gone(Wanted item);
    }

    /** Whether this item could not be read in this very attempt: asking at once again would not help. */
    boolean failedNow(ItemKey key) {
        return failedNow.contains(key);
    }

    void read(List<Wanted> wanted, Verdicts verdicts) {
        int step = settings.headersPerRequest();
        for (int start = 0; start < wanted.size(); start += step) {
            readSome(wanted.subList(start, Math.min(wanted.size(), start + step)), verdicts);
        }
    }

    /** Which of these items are no longer there; one that merely cannot be read is there. */
    List<ItemId> goneOf(Collection<ItemId> ids) {
        List<ItemId> asked = List.copyOf(ids);
        List<ItemId> gone = new ArrayList<>();
        int step = settings.headersPerRequest();
        for (int start = 0; start < asked.size(); start += step) {
            turn.check();
            stopOn(session.readHeaders(asked.subList(start, Math.min(asked.size(), start + step)), new HeaderSink() {
                @Override
                public void header(io.mailferry.exchange.item.ItemHeader header) {
                    // It is there.
                }

                @Override
                public void failed(ItemId id, ExchangeFailure failure) {
                    if (failure.gone()) {
                        gone.add(id);
                    }
                }
            }));
        }
        return gone;
    }

    private void readSome(List<Wanted> wanted, Verdicts verdicts) {
        turn.check();
        Map<String, Wanted> byId = new LinkedHashMap<>();
        wanted.forEach(item -> byId.put(item.id().value(), item));
        Map<String, ItemHeader> headers = new HashMap<>();
        stopOn(session.readHeaders(wanted.stream().map(Wanted::id).toList(), new HeaderSink() {
            @Override
            public void header(io.mailferry.exchange.item.ItemHeader header) {
                headers.put(header.id().value(), SealedHeaders.of(header, folder));
            }

            @Override
            public void failed(ItemId id, ExchangeFailure failure) {
                giveUp(byId, id, failure, verdicts);
            }
        }));
        List<Wanted> batch = new ArrayList<>();
        long bytes = 0;
        for (Wanted item : wanted) {
            ItemHeader header = headers.get(item.id().value());
            if (header == null) {
                continue;
            }
            long size = Math.max(0, header.size());
            if (!batch.isEmpty()
                    && (batch.size() >= settings.contentsPerRequest()
                            || bytes + size > settings.contentBytesPerRequest())) {
                readContents(batch, headers, byId, verdicts);
                batch.clear();
                bytes = 0;
            }
            batch.add(item);
            bytes += size;
        }
        if (!batch.isEmpty()) {
            readContents(batch, headers, byId, verdicts);
        }
    }

    private void readContents(
            List<Wanted> batch, Map<String, ItemHeader> headers, Map<String, Wanted> byId, Verdicts verdicts) {
        turn.check();
        watch.awaitRoom(pages);
        Receiver receiver = new Receiver(batch.getFirst(), headers, byId, verdicts);
        ContentPipe.Limits pipe = new ContentPipe.Limits(settings.contentPiecesMax(), settings.contentSilence());
        try (ContentFeed feed = new ContentFeed(receiver, settings.bufferedBytesMax(), pipe)) {
            stopOn(session.readContents(batch.stream().map(Wanted::id).toList(), feed));
        } catch (UncheckedIOException e) {
            throw watch.sendingFailed();
        }
    }

    private final class Receiver implements ContentFeed.Receiver {
        private final Map<String, ItemHeader> headers;
        private final Map<String, Wanted> byId;
        private final Verdicts verdicts;
        private Wanted current;

        Receiver(Wanted first, Map<String, ItemHeader> headers, Map<String, Wanted> byId, Verdicts verdicts) {
            this.current = first;
            this.headers = headers;
            this.byId = byId;
            this.verdicts = verdicts;
        }

        @Override
        public SealedItem seal(ItemId id, InputStream content) throws IOException {
            current = wanted(byId, id);
            ItemHeader header = headers.get(id.value());
            if (header == null) {
                throw new IllegalStateException("a content without its header");
            }
            return pages.content(current.key(), header, content, current.update());
        }

        @Override
        public void sealed(SealedItem sealed) {
            turn.itemSent(!current.update(), sealed.plainBytes());
            verdicts.stored(current);
        }

        @Override
        public void failed(ItemId id, ExchangeFailure failure) {
            giveUp(byId, id, failure, verdicts);
        }
    }

    private void giveUp(Map<String, Wanted> byId, ItemId id, ExchangeFailure failure, Verdicts verdicts) {
        Wanted item = wanted(byId, id);
        if (failure.reach() == FailureReach.MAILBOX || failure.reach() == FailureReach.SERVER) {
            throw AttemptFailure.of(failure);
        }
        if (failure.gone()) {
            verdicts.gone(item);
            return;
        }
        failedNow.add(item.key());
        turn.itemSkipped();
        verdicts.unreadable(item, SkipCauses.of(failure));
    }

    private static Wanted wanted(Map<String, Wanted> byId, ItemId id) {
        Wanted item = byId.get(id.value());
        if (item == null) {
            throw new IllegalStateException("an item that nobody asked for");
        }
        return item;
    }

    private static void stopOn(java.util.Optional<ExchangeFailure> failure) {
        failure.ifPresent(stopped -> {
            throw AttemptFailure.of(stopped);
        });
    }
}
