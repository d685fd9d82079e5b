package io.mailferry.exchange.item;

import io.mailferry.exchange.answer.AnswerReader;
import io.mailferry.exchange.answer.ResponseMessage;
import io.mailferry.exchange.connection.EwsConnection;
import io.mailferry.exchange.connection.RepeatedCalls;
import io.mailferry.exchange.connection.SoapRequest;
import io.mailferry.exchange.failure.ExchangeException;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import io.mailferry.exchange.folder.FolderId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SyncFolderItems. */
public final class SyncCalls {

    /** What Exchange gives at most, whatever is asked. */
    public static final int CHANGES_MAX = 512;

    /** Some servers ignore the limit; a page beyond this is refused, not held. */
    private static final int CHANGES_TAKEN_MAX = 20_000;

    private static final int SYNC_STATE_CHARACTERS_MAX = 16 << 20;

    private final EwsConnection connection;
    private final RepeatedCalls repeated;

    public SyncCalls(EwsConnection connection, RepeatedCalls repeated) {
        this.connection = connection;
        this.repeated = repeated;
    }

    /** What changed in a folder; everything when the state is null. */
    public ItemPage sync(FolderId folder, @Nullable String syncState, int changesMax) {
        String request = "<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
                + "<t:FieldURI FieldURI=\"item:Size\"/></t:AdditionalProperties></m:ItemShape>"
                + "<m:SyncFolderId><t:FolderId Id=\""
                + SoapRequest.escaped(folder.value()) + "\"/></m:SyncFolderId>"
                + (syncState == null ? "" : "<m:SyncState>" + SoapRequest.escaped(syncState) + "</m:SyncState>")
                + "<m:MaxChangesReturned>" + Math.clamp(changesMax, 1, CHANGES_MAX)
                + "</m:MaxChangesReturned><m:SyncScope>NormalItems</m:SyncScope></m:SyncFolderItems>";
        return repeated.call(() -> connection.call(request, SyncCalls::readPage));
    }

    private static ItemPage readPage(AnswerReader reader) {
        List<ItemChange> changes = new ArrayList<>();
        String[] state = {""};
        boolean[] last = {true};
        int depth = reader.depth();
        while (reader.nextChild(depth)) {
            int messages = reader.depth();
            while (reader.nextChild(messages)) {
                ExchangeFailure failure = ResponseMessage.read(reader, name -> {
                    switch (name) {
                        case "SyncState" -> state[0] = reader.text(SYNC_STATE_CHARACTERS_MAX);
                        case "IncludesLastItemInRange" -> last[0] = Boolean.parseBoolean(reader.word());
                        case "Changes" -> readChanges(reader, changes);
                        default -> {}
                    }
                });
                if (failure != null) {
                    throw new ExchangeException(failure);
                }
            }
        }
        if (state[0].isEmpty()) {
            throw new ExchangeException(FailureCategory.TRANSIENT, FailureReach.FOLDER, "IncompleteAnswer");
        }
        return new ItemPage(changes, state[0], last[0]);
    }

    private static void readChanges(AnswerReader reader, List<ItemChange> changes) {
        int depth = reader.depth();
        while (reader.nextChild(depth)) {
            if (changes.size() >= CHANGES_TAKEN_MAX) {
                throw new ExchangeException(FailureCategory.PERMANENT, FailureReach.FOLDER, "TooManyChanges");
            }
            String kind = reader.name();
            ItemChange change = readChange(reader, kind);
            if (change != null) {
                changes.add(change);
            }
        }
    }

    private static @Nullable ItemChange readChange(AnswerReader reader, String kind) {
        int depth = reader.depth();
        ItemId id = null;
        long size = -1;
        boolean read = false;
        while (reader.nextChild(depth)) {
            switch (reader.name()) {
                case "ItemId" -> id = id(reader);
                case "IsRead" -> read = Boolean.parseBoolean(reader.word());
                default -> {
                    // Message, Contact, CalendarItem and whatever else: the item itself, one level down.
                    int item = reader.depth();
                    while (reader.nextChild(item)) {
                        if (reader.name().equals("ItemId")) {
                            id = id(reader);
                        } else if (reader.name().equals("Size")) {
                            size = size(reader.word());
                        }
                    }
                }
            }
        }
        if (id == null) {
            return null;
        }
        return switch (kind) {
            case "Create" -> new ItemChange.Created(id, size);
            case "Update" -> new ItemChange.Updated(id, size);
            case "Delete" -> new ItemChange.Deleted(id);
            case "ReadFlagChange" -> new ItemChange.ReadFlagChanged(id, read);
            default -> null;
        };
    }

    static @Nullable ItemId id(AnswerReader reader) {
        String id = reader.attribute("Id");
        String changeKey = reader.attribute("ChangeKey");
        return id == null || id.isEmpty() ? null : new ItemId(id, changeKey == null ? "" : changeKey);
    }

    static long size(String text) {
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : -1;
    }
}
