package io.mailferry.simulator.ews;

import io.mailferry.simulator.mailbox.Folder;
import io.mailferry.simulator.mailbox.InvalidSyncStateException;
import io.mailferry.simulator.mailbox.Mailbox;
import io.mailferry.simulator.mailbox.SyncPage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.w3c.dom.Element;

/** GetFolder, FindFolder and SyncFolderHierarchy. */
final class FolderOperations {
    private final Mailbox mailbox;
    private final ResponseMessages messages;
    private final XmlOut out;

    FolderOperations(Mailbox mailbox, ResponseMessages messages, XmlOut out) {
        this.mailbox = mailbox;
        this.messages = messages;
        this.out = out;
    }

    /** The folder that an element names by id or by its well-known name. */
    static Folder folder(Mailbox mailbox, Element id) throws EwsException {
        return switch (id.getLocalName()) {
            case "FolderId" -> mailbox.folder(id.getAttribute("Id")).orElseThrow(EwsException::folderNotFound);
            // An archive, recoverable items and public folders are not simulated, and so are not there.
            case "DistinguishedFolderId" ->
                mailbox.distinguished(id.getAttribute("Id").toLowerCase(Locale.ROOT))
                        .orElseThrow(EwsException::folderNotFound);
            default -> throw new EwsException("ErrorInvalidIdMalformed", "Id is malformed.");
        };
    }

    void getFolder(Element operation) throws IOException, EwsException {
        RequestedShape shape = RequestedShape.ofFolders(operation);
        for (Element id : ids(operation, "FolderIds")) {
            try {
                Folder folder = folder(mailbox, id);
                messages.success("GetFolder");
                out.open("m:Folders");
                FolderXml.write(out, mailbox, folder, shape);
                out.close("m:Folders");
                messages.end("GetFolder");
            } catch (EwsException e) {
                messages.error("GetFolder", e, "<m:Folders/>");
            }
        }
    }

    void findFolder(Element operation) throws IOException, EwsException {
        RequestedShape shape = RequestedShape.ofFolders(operation);
        boolean deep = operation.getAttribute("Traversal").equals("Deep");
        for (Element id : ids(operation, "ParentFolderIds")) {
            try {
                List<Folder> found = mailbox.hierarchy().below(folder(mailbox, id), deep);
                Paging page = Paging.of(operation, "IndexedPageFolderView", found.size());
                messages.success("FindFolder");
                out.open("m:RootFolder", page.attributes());
                out.open("t:Folders");
                for (Folder folder : found.subList(page.offset(), page.end())) {
                    FolderXml.write(out, mailbox, folder, shape);
                }
                out.close("t:Folders").close("m:RootFolder");
                messages.end("FindFolder");
            } catch (EwsException e) {
                messages.error("FindFolder", e, "");
            }
        }
    }

    void syncFolderHierarchy(Element operation) throws IOException, EwsException {
        RequestedShape shape = RequestedShape.ofFolders(operation);
        try {
            SyncPage<SyncPage.FolderChange> page = hierarchyPage(operation);
            messages.success("SyncFolderHierarchy");
            out.element("m:SyncState", page.state()).element("m:IncludesLastFolderInRange", page.last());
            out.open("m:Changes");
            for (SyncPage.FolderChange change : page.changes()) {
                switch (change) {
                    case SyncPage.FolderCreated created -> changed("t:Create", created.folder(), shape);
                    case SyncPage.FolderUpdated updated -> changed("t:Update", updated.folder(), shape);
                    case SyncPage.FolderDeleted deleted ->
                        out.open("t:Delete")
                                .empty("t:FolderId", "Id", deleted.folderId())
                                .close("t:Delete");
                }
            }
            out.close("m:Changes");
            messages.end("SyncFolderHierarchy");
        } catch (EwsException e) {
            messages.error("SyncFolderHierarchy", e, "");
        }
    }

    private SyncPage<SyncPage.FolderChange> hierarchyPage(Element operation) throws EwsException {
        Element given = SoapRequest.child(operation, "SyncFolderId")
                .flatMap(holder -> SoapRequest.children(holder).stream().findFirst())
                .orElse(null);
        Folder top = given == null ? mailbox.distinguished("msgfolderroot").orElseThrow() : folder(mailbox, given);
        try {
            return mailbox.hierarchy()
                    .sync(top, SoapRequest.text(operation, "SyncState").orElse(null));
        } catch (InvalidSyncStateException e) {
            throw new EwsException(
                    "ErrorInvalidSyncStateData", "The synchronization state data is corrupt or invalid.");
        }
    }

    private void changed(String kind, Folder folder, RequestedShape shape) throws IOException {
        out.open(kind);
        FolderXml.write(out, mailbox, folder, shape);
        out.close(kind);
    }

    static List<Element> ids(Element operation, String holder) throws EwsException {
        return SoapRequest.child(operation, holder)
                .map(SoapRequest::children)
                .orElseThrow(() -> new EwsException(
                        "ErrorSchemaValidation", "The request failed schema validation: " + holder + "."));
    }
}
