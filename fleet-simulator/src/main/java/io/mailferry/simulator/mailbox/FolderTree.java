package io.mailferry.simulator.mailbox;

import io.mailferry.simulator.mail.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The folders that a mailbox begins with, and how its items are spread over them. */
final class FolderTree {

    private record Line(
            String parent,
            String name,
            String folderClass,
            @Nullable String distinguished,
            @Nullable Shape special,
            int share) {}

    private static final String TOP = "Top of Information Store";

    /** Shares are parts in a thousand; what rounding leaves goes to the inbox. */
    private static final List<Line> LINES = List.of(
            line("", "", "IPF.Root", "root", null, 0),
            line("", TOP, "IPF.Note", "msgfolderroot", null, 0),
            line("", "Finder", "IPF.Note", "searchfolders", null, 0),
            line("", "Common Views", "IPF.Note", null, null, 0),
            line(TOP, "Inbox", "IPF.Note", "inbox", null, 380),
            line(TOP, "Sent Items", "IPF.Note", "sentitems", null, 200),
            line(TOP, "Deleted Items", "IPF.Note", "deleteditems", null, 60),
            line(TOP, "Drafts", "IPF.Note", "drafts", null, 10),
            line(TOP, "Outbox", "IPF.Note", "outbox", null, 0),
            line(TOP, "Junk Email", "IPF.Note", "junkemail", null, 20),
            line(TOP, "Calendar", "IPF.Appointment", "calendar", Shape.APPOINTMENT, 50),
            line(TOP, "Contacts", "IPF.Contact", "contacts", Shape.CONTACT, 40),
            line(TOP, "Tasks", "IPF.Task", "tasks", Shape.TASK, 15),
            line(TOP, "Notes", "IPF.StickyNote", "notes", Shape.NOTE, 5),
            line(TOP, "Journal", "IPF.Journal", "journal", null, 0),
            line("Inbox", "Rechnungen 2013 – Größen", "IPF.Note", null, null, 60),
            line("Inbox", "重要", "IPF.Note", null, null, 40),
            line(TOP, "Projects", "IPF.Note", null, null, 0),
            line("Projects", "A/B test \\ <draft> & \"final\"", "IPF.Note", null, null, 50),
            line("Projects", "Проект «Север»", "IPF.Note", null, null, 50),
            line("Проект «Север»", "2012", "IPF.Note", null, null, 20),
            line(TOP, "Empty", "IPF.Note", null, null, 0));

    private FolderTree() {}

    private static Line line(
            String parent,
            String name,
            String folderClass,
            @Nullable String distinguished,
            @Nullable Shape special,
            int share) {
        return new Line(parent, name, folderClass, distinguished, special, share);
    }

    static List<Folder> grow(UUID mailbox, int items, int corpusFiles) {
        List<Folder> folders = new ArrayList<>();
        int rest = items;
        for (Line line : LINES) {
            rest -= share(items, line.share());
        }
        for (Line line : LINES) {
            int number = folders.size();
            int count = share(items, line.share()) + ("inbox".equals(line.distinguished()) ? rest : 0);
            folders.add(new Folder(
                    number,
                    OpaqueId.encode(OpaqueId.FOLDER, mailbox, number),
                    number == 0 ? null : named(folders, line.parent()),
                    line.name(),
                    line.folderClass(),
                    line.distinguished(),
                    line.special(),
                    count));
        }
        if (corpusFiles > 0) {
            int number = folders.size();
            folders.add(new Folder(
                    number,
                    OpaqueId.encode(OpaqueId.FOLDER, mailbox, number),
                    named(folders, TOP),
                    Mailbox.CORPUS_FOLDER,
                    "IPF.Note",
                    null,
                    null,
                    corpusFiles));
        }
        return folders;
    }

    private static int share(int items, int thousandths) {
        return (int) ((long) items * thousandths / 1000);
    }

    private static Folder named(List<Folder> folders, String name) {
        return folders.stream()
                .filter(folder -> folder.displayName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
