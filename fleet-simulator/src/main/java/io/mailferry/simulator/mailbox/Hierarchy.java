package io.mailferry.simulator.mailbox;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mailbox's folders and the log of their changes. Uses the mailbox's lock. */
public final class Hierarchy {
    private final Mailbox mailbox;
    /** Numbers of folders, in the order in which they were made, renamed or deleted after the beginning. */
    private final List<Integer> log = new ArrayList<>();

    Hierarchy(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    /** Folders under another, without itself: direct ones, or all. */
    public List<Folder> below(Folder top, boolean deep) {
        return mailbox.allFolders().stream()
                .filter(folder -> folder != top && (deep ? folder.isBelow(top) : folder.parent() == top))
                .toList();
    }

    /** One page of the sync of everything below a folder; a null state begins from nothing. */
    public SyncPage<SyncPage.FolderChange> sync(Folder top, @Nullable String state) throws InvalidSyncStateException {
        mailbox.lock.lock();
        try {
            List<SyncPage.FolderChange> changes = new ArrayList<>();
            if (state == null || state.isEmpty()) {
                below(top, true).forEach(folder -> changes.add(new SyncPage.FolderCreated(folder)));
            } else {
                int[] numbers = OpaqueId.decode(OpaqueId.HIERARCHY_SYNC, mailbox.guid, state)
                        .orElseThrow(InvalidSyncStateException::new);
                if (numbers[0] != top.number || numbers[1] > log.size()) {
                    throw new InvalidSyncStateException();
                }
                changesSince(numbers[1], numbers[2], top, changes);
            }
            String next = OpaqueId.encode(
                    OpaqueId.HIERARCHY_SYNC, mailbox.guid, top.number, log.size(), mailbox.folders.size());
            return new SyncPage<>(changes, next, true);
        } finally {
            mailbox.lock.unlock();
        }
    }

    private void changesSince(int position, int knownFolders, Folder top, List<SyncPage.FolderChange> changes) {
        Set<Integer> changed = new LinkedHashSet<>(log.subList(position, log.size()));
        for (int number : changed) {
            Folder folder = mailbox.folders.get(number);
            if (!folder.isBelow(top)) {
                continue;
            }
            boolean known = number < knownFolders;
            if (folder.deleted && known) {
                changes.add(new SyncPage.FolderDeleted(folder.id()));
            } else if (!folder.deleted) {
                changes.add(known ? new SyncPage.FolderUpdated(folder) : new SyncPage.FolderCreated(folder));
            }
        }
    }

    /** Makes a folder of mail. */
    public Folder create(Folder parent, String name) {
        mailbox.lock.lock();
        try {
            int number = mailbox.folders.size();
            String id = OpaqueId.encode(OpaqueId.FOLDER, mailbox.guid, number);
            Folder folder = new Folder(number, id, parent, name, "IPF.Note", null, null, 0);
            mailbox.folders.add(folder);
            log.add(number);
            return folder;
        } finally {
            mailbox.lock.unlock();
        }
    }

    /** Gives a folder another name. */
    public void rename(Folder folder, String name) {
        mailbox.lock.lock();
        try {
            folder.rename(name);
            log.add(folder.number);
        } finally {
            mailbox.lock.unlock();
        }
    }

    /** Deletes a folder with all that is in and below it. */
    public void delete(Folder folder) {
        mailbox.lock.lock();
        try {
            for (Folder gone : below(folder, true)) {
                gone.deleted = true;
                log.add(gone.number);
            }
            folder.deleted = true;
            log.add(folder.number);
        } finally {
            mailbox.lock.unlock();
        }
    }
}
