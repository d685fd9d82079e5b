package io.mailferry.exchange.item;

import io.mailferry.exchange.answer.AnswerReader;
import io.mailferry.exchange.connection.EwsConnection;
import io.mailferry.exchange.connection.RepeatedCalls;
import io.mailferry.exchange.failure.ExchangeException;
import io.mailferry.exchange.failure.ExchangeFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GetItem, in two steps: properties of many items, then the contents of a few. Exchange sends MIME before all other
 * properties of an item, so who wants to know an item before its content (to seal its header first, or to leave out
 * what is stored already) has to ask twice; and a content of 150 MB cannot be held back until its header arrives.
 */
public final class ItemCalls {

    private static final String CONTENT_SHAPE = "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>"
            + "<t:IncludeMimeContent>true</t:IncludeMimeContent></m:ItemShape>";

    private final EwsConnection connection;
    private final RepeatedCalls repeated;

    public ItemCalls(EwsConnection connection, RepeatedCalls repeated) {
        this.connection = connection;
        this.repeated = repeated;
    }

    /**
     * @return what stopped the reading for all the items that were not handed on; null when every one was
     */
    public @Nullable ExchangeFailure readHeaders(List<ItemId> ids, HeaderSink sink) {
        return read(ids, HeaderReader.SHAPE, new Headers(sink));
    }

    /**
     * @return what stopped the reading for all the items that were not handed on; null when every one was
     */
    public @Nullable ExchangeFailure readContents(List<ItemId> ids, ContentSink sink) {
        return read(ids, CONTENT_SHAPE, new Contents(sink));
    }

    private @Nullable ExchangeFailure read(List<ItemId> ids, String shape, Reading reading) {
        try {
            return new ItemBatches(connection, repeated, shape, reading).read(ids);
        } catch (ExchangeException e) {
            // Interrupted while it waited.
            return e.failure();
        }
    }

    /** What of an item is read, and where it goes. */
    sealed interface Reading {

        /** Reads the item at which the reader stands; false when it is not the wanted one or lacks what is wanted. */
        boolean read(AnswerReader reader, ItemId wanted);

        void abandon(ItemId id);

        void failed(ItemId id, ExchangeFailure failure);
    }

    private record Headers(HeaderSink sink) implements Reading {

        @Override
        public boolean read(AnswerReader reader, ItemId wanted) {
            ItemHeader header = new HeaderReader(reader).read();
            if (header == null || !header.id().isSameItem(wanted)) {
                return false;
            }
            sink.header(header);
            return true;
        }

        @Override
        public void abandon(ItemId id) {}

        @Override
        public void failed(ItemId id, ExchangeFailure failure) {
            sink.failed(id, failure);
        }
    }

    private static final class Contents implements Reading {
        private final ContentSink sink;
        private final List<ItemId> begun = new ArrayList<>(1);

        Contents(ContentSink sink) {
            this.sink = sink;
        }

        @Override
        public boolean read(AnswerReader reader, ItemId wanted) {
            int depth = reader.depth();
            ItemId found = null;
            boolean whole = false;
            while (reader.nextChild(depth)) {
                if (reader.name().equals("MimeContent") && !whole) {
                    begun.add(wanted);
                    sink.begin(wanted);
                    reader.base64(sink::content);
                    whole = true;
                } else if (reader.name().equals("ItemId")) {
                    found = SyncCalls.id(reader);
                }
            }
            if (!whole || found == null || !found.isSameItem(wanted)) {
                return false;
            }
            begun.clear();
            sink.end(found);
            return true;
        }

        @Override
        public void abandon(ItemId id) {
            if (!begun.isEmpty()) {
                begun.clear();
                sink.abandon(id);
            }
        }

        @Override
        public void failed(ItemId id, ExchangeFailure failure) {
            sink.failed(id, failure);
        }
    }
}
