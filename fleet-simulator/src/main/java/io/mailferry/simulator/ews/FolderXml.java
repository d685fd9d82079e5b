package io.mailferry.simulator.ews;

import io.mailferry.simulator.mailbox.Folder;
import io.mailferry.simulator.mailbox.Mailbox;
import java.io.IOException;

/** A folder as an element, its properties in the schema's order. */
final class FolderXml {
    private static final int MESSAGE_SIZE = 0x0E08;
    private static final int ATTRIBUTE_HIDDEN = 0x10F4;

    private FolderXml() {}

    static void write(XmlOut out, Mailbox mailbox, Folder folder, RequestedShape shape) throws IOException {
        String element = elementName(folder);
        out.open(element);
        out.empty("t:FolderId", "Id", folder.id(), "ChangeKey", mailbox.changeKey(folder));
        if (shape.wants("folder:ParentFolderId")) {
            out.empty("t:ParentFolderId", "Id", folder.parent().id(), "ChangeKey", mailbox.changeKey(folder.parent()));
        }
        if (shape.wants("folder:FolderClass") && !folder.isRoot()) {
            out.element("t:FolderClass", folder.folderClass());
        }
        if (shape.wants("folder:DisplayName")) {
            out.element("t:DisplayName", folder.displayName());
        }
        if (shape.wants("folder:TotalCount")) {
            out.element("t:TotalCount", mailbox.totalCount(folder));
        }
        if (shape.wants("folder:ChildFolderCount")) {
            out.element(
                    "t:ChildFolderCount",
                    mailbox.hierarchy().below(folder, false).size());
        }
        for (ExtendedProperty property : shape.extended()) {
            if (property.tag() == MESSAGE_SIZE) {
                property.write(out, Long.toString(mailbox.shownBytes(folder)));
            } else if (property.tag() == ATTRIBUTE_HIDDEN) {
                property.write(out, "false");
            }
        }
        String distinguished = folder.distinguishedName();
        if (shape.wants("folder:DistinguishedFolderId") && distinguished != null) {
            out.element("t:DistinguishedFolderId", distinguished);
        }
        if (shape.wants("folder:UnreadCount")) {
            out.element("t:UnreadCount", mailbox.unreadCount(folder));
        }
        out.close(element);
    }

    private static String elementName(Folder folder) {
        return switch (folder.folderClass()) {
            case "IPF.Appointment" -> "t:CalendarFolder";
            case "IPF.Contact" -> "t:ContactsFolder";
            case "IPF.Task" -> "t:TasksFolder";
            default -> "searchfolders".equals(folder.distinguishedName()) ? "t:SearchFolder" : "t:Folder";
        };
    }
}
