package io.mailferry.simulator.ews;

import io.mailferry.simulator.mailbox.Folder;
import io.mailferry.simulator.mailbox.InvalidSyncStateException;
import io.mailferry.simulator.mailbox.Item;
import io.mailferry.simulator.mailbox.Mailbox;
import io.mailferry.simulator.mailbox.Spoilage;
import io.mailferry.simulator.mailbox.SyncPage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.w3c.dom.Element;

/** GetItem, FindItem, SyncFolderItems and ExportItems. */
final class ItemOperations {
    /** Exchange answers at most this many changes, whatever is asked for. */
    private static final int SYNC_CHANGES_MAX = 512;
    /** What an exported item begins with; the rest is its class, a zero byte and its MIME. */
    private static final String EXPORT_MAGIC = "MAILFERRY-SIMULATED-FTS/1\n";

    private final Mailbox mailbox;
    private final ResponseMessages messages;
    private final XmlOut out;

    ItemOperations(Mailbox mailbox, ResponseMessages messages, XmlOut out) {
        this.mailbox = mailbox;
        this.messages = messages;
        this.out = out;
    }

    void getItem(Element operation) throws IOException, EwsException {
        RequestedShape shape = RequestedShape.ofItems(operation);
        for (Element id : FolderOperations.ids(operation, "ItemIds")) {
            try {
                Item item = item(id);
                refuseSpoiled(item, shape.mime(), "ErrorContentConversionFailed");
                messages.success("GetItem");
                out.open("m:Items");
                new ItemXml(out, item, shape).write();
                out.close("m:Items");
                messages.end("GetItem");
            } catch (EwsException e) {
                messages.error("GetItem", e, "<m:Items/>");
            }
        }
    }

    private Item item(Element id) throws EwsException {
        if (!id.getLocalName().equals("ItemId")) {
            throw new EwsException("ErrorInvalidIdMalformed", "Id is malformed.");
        }
        return mailbox.item(id.getAttribute("Id")).orElseThrow(EwsException::itemNotFound);
    }

    private static void refuseSpoiled(Item item, boolean withContent, String conversionCode) throws EwsException {
        if (item.spoilage() == Spoilage.CORRUPT) {
            throw new EwsException("ErrorItemCorrupt", "The item is corrupt.");
        }
        if (item.spoilage() == Spoilage.CONVERSION_FAILED && withContent) {
            throw new EwsException(conversionCode, "Content conversion failed.");
        }
    }

    void findItem(Element operation) throws IOException, EwsException {
        RequestedShape shape = RequestedShape.ofItems(operation);
        if (SoapRequest.child(operation, "Restriction").isPresent()) {
            throw new EwsException("ErrorUnsupportedPathForQuery", "The simulator knows no restrictions.");
        }
        for (Element id : FolderOperations.ids(operation, "ParentFolderIds")) {
            try {
                Folder folder = FolderOperations.folder(mailbox, id);
                Paging page = Paging.of(operation, "IndexedPageItemView", mailbox.totalCount(folder));
                messages.success("FindItem");
                out.open("m:RootFolder", page.attributes()).open("t:Items");
                for (Item item : mailbox.items(folder, page.offset(), page.end() - page.offset())) {
                    new ItemXml(out, item, shape).write();
                }
                out.close("t:Items").close("m:RootFolder");
                messages.end("FindItem");
            } catch (EwsException e) {
                messages.error("FindItem", e, "");
            }
        }
    }

    void syncFolderItems(Element operation) throws IOException, EwsException {
        RequestedShape shape = RequestedShape.ofItems(operation);
        try {
            SyncPage<SyncPage.ItemChange> page = itemPage(operation);
            messages.success("SyncFolderItems");
            out.element("m:SyncState", page.state()).element("m:IncludesLastItemInRange", page.last());
            out.open("m:Changes");
            for (SyncPage.ItemChange change : page.changes()) {
                write(change, shape);
            }
            out.close("m:Changes");
            messages.end("SyncFolderItems");
        } catch (EwsException e) {
            messages.error("SyncFolderItems", e, "");
        }
    }

    private void write(SyncPage.ItemChange change, RequestedShape shape) throws IOException {
        switch (change) {
            case SyncPage.Created created -> {
                out.open("t:Create");
                new ItemXml(out, created.item(), shape).write();
                out.close("t:Create");
            }
            case SyncPage.Updated updated -> {
                out.open("t:Update");
                new ItemXml(out, updated.item(), shape).write();
                out.close("t:Update");
            }
            case SyncPage.ReadFlagChanged changed -> {
                Item item = changed.item();
                out.open("t:ReadFlagChange");
                out.empty("t:ItemId", "Id", item.id(), "ChangeKey", item.changeKey());
                out.element("t:IsRead", item.read()).close("t:ReadFlagChange");
            }
            case SyncPage.Deleted deleted ->
                out.open("t:Delete").empty("t:ItemId", "Id", deleted.itemId()).close("t:Delete");
        }
    }

    private SyncPage<SyncPage.ItemChange> itemPage(Element operation) throws EwsException {
        Element id = SoapRequest.child(operation, "SyncFolderId")
                .flatMap(holder -> SoapRequest.children(holder).stream().findFirst())
                .orElseThrow(() -> new EwsException("ErrorSchemaValidation", "The request failed schema validation."));
        int max;
        try {
            max = SoapRequest.text(operation, "MaxChangesReturned")
                    .map(Integer::parseInt)
                    .orElse(0);
        } catch (NumberFormatException e) {
            max = 0;
        }
        if (max < 1 || max > SYNC_CHANGES_MAX) {
            throw new EwsException("ErrorInvalidRequest", "MaxChangesReturned must be from 1 to 512.");
        }
        Folder folder;
        try {
            folder = FolderOperations.folder(mailbox, id);
        } catch (EwsException e) {
            throw new EwsException("ErrorSyncFolderNotFound", "The folder to synchronize could not be found.");
        }
        try {
            return mailbox.sync(folder, SoapRequest.text(operation, "SyncState").orElse(null), max);
        } catch (InvalidSyncStateException e) {
            throw new EwsException(
                    "ErrorInvalidSyncStateData", "The synchronization state data is corrupt or invalid.");
        }
    }

    void exportItems(Element operation) throws IOException, EwsException {
        for (Element id : FolderOperations.ids(operation, "ItemIds")) {
            try {
                Item item = item(id);
                refuseSpoiled(item, true, "ErrorCorruptData");
                messages.success("ExportItems");
                out.empty("m:ItemId", "Id", item.id(), "ChangeKey", item.changeKey());
                out.open("m:Data");
                export(item);
                out.close("m:Data");
                messages.end("ExportItems");
            } catch (EwsException e) {
                messages.error("ExportItems", e, "");
            }
        }
    }

    private void export(Item item) throws IOException {
        if (item.spoilage() == Spoilage.CONTROL_CHARACTERS_IN_CONTENT) {
            out.raw(ItemXml.SPOILED_BASE64);
        }
        try (OutputStream data = out.base64()) {
            String head = EXPORT_MAGIC + ItemFacts.of(item).itemClass() + "\0";
            data.write(head.getBytes(StandardCharsets.US_ASCII));
            item.content().writeMime(data);
        }
    }

    /** How many things a request asks for, for the counters. */
    static int wanted(Element operation) {
        List<Element> holders = SoapRequest.children(operation);
        return holders.stream()
                .filter(holder -> holder.getLocalName().equals("ItemIds"))
                .mapToInt(holder -> SoapRequest.children(holder).size())
                .sum();
    }
}
