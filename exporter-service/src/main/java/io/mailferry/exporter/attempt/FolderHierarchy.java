package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.MacKey;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.exchange.ExchangeSession;
import io.mailferry.exchange.Outcome;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureReach;
import io.mailferry.exchange.folder.Folder;
import io.mailferry.exchange.folder.FolderChange;
import io.mailferry.exchange.folder.FolderId;
import io.mailferry.exchange.folder.FolderPage;
import io.mailferry.exchange.folder.WellKnownFolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folders of the mailbox: all of them as they are now, and on the archive's pages only what changed. The list is
 * read anew each time, since it is one request and also brings each folder's count.
 */
final class FolderHierarchy {
    private final ExchangeSession session;
    private final MailboxId mailbox;
    private final MacKey mac;
    private final FolderPages pages;
    private final int pagesMax;

    /** @param pagesMax how many pages of changes are read in a row before a server is taken for one that never ends */
    FolderHierarchy(ExchangeSession session, MailboxId mailbox, MacKey mac, FolderPages pages, int pagesMax) {
        this.session = session;
        this.mailbox = mailbox;
        this.mac = mac;
        this.pages = pages;
        this.pagesMax = pagesMax;
    }

    /**
     * @param root the top of the mailbox, which no server lists among its own folders
     * @param state the hierarchy's sync state in the log; null for the first time
     * @return the folders, the root among them when items lie in it
     */
    List<Folder> read(Folder root, @Nullable String state) {
        Map<FolderId, Folder> folders = new LinkedHashMap<>();
        if (root.totalCount() > 0) {
            folders.put(root.id(), root);
        }
        Changes listed = sync(null);
        listed.changes.forEach(change -> apply(change, folders));
        if (state == null) {
            describe(root, listed);
        } else {
            Changes since = syncSince(state);
            if (since == null) {
                describe(root, listed);
            } else {
                since.changes.forEach(change -> applyLater(change, folders));
                if (!since.changes.isEmpty()) {
                    write(null, since);
                }
            }
        }
        return List.copyOf(folders.values());
    }

    private void describe(Folder root, Changes listed) {
        pages.beginGeneration();
        write(root, listed);
    }

    /** What the list does not know yet, and what it should not know any more. */
    private static void applyLater(FolderChange change, Map<FolderId, Folder> folders) {
        switch (change) {
            case FolderChange.Created created -> folders.putIfAbsent(created.id(), created.folder());
            case FolderChange.Updated updated -> folders.putIfAbsent(updated.id(), updated.folder());
            case FolderChange.Deleted deleted -> folders.remove(deleted.id());
        }
    }

    private static void apply(FolderChange change, Map<FolderId, Folder> folders) {
        switch (change) {
            case FolderChange.Created created -> folders.put(created.id(), created.folder());
            case FolderChange.Updated updated -> folders.put(updated.id(), updated.folder());
            case FolderChange.Deleted deleted -> folders.remove(deleted.id());
        }
    }

    private void write(@Nullable Folder root, Changes changes) {
        Map<FolderId, String> names = wellKnownNames();
        if (root != null) {
            pages.folder(key(root.id()), SealedHeaders.of(root, names.get(root.id())));
        }
        for (FolderChange change : changes.changes) {
            FolderKey key = key(change.id());
            switch (change) {
                case FolderChange.Created created ->
                    pages.folder(key, SealedHeaders.of(created.folder(), names.get(created.id())));
                case FolderChange.Updated updated ->
                    pages.folder(key, SealedHeaders.of(updated.folder(), names.get(updated.id())));
                case FolderChange.Deleted deleted -> pages.folder(key, SealedHeaders.deleted(deleted.id()));
            }
        }
        // A list of all folders is whole when it is written.
        pages.endSync(changes.state, root != null);
    }

    private Map<FolderId, String> wellKnownNames() {
        return switch (session.wellKnownFolders()) {
            case Outcome.Got<Map<WellKnownFolder, FolderId>>(Map<WellKnownFolder, FolderId> known) -> {
                Map<FolderId, String> names = new HashMap<>();
                known.forEach((folder, id) -> names.put(id, folder.distinguishedName()));
                yield names;
            }
            case Outcome.Failed<Map<WellKnownFolder, FolderId>>(ExchangeFailure failure) ->
                throw AttemptFailure.of(failure);
        };
    }

    private FolderKey key(FolderId id) {
        return mac.folder(mailbox, id.value());
    }

    private record Changes(List<FolderChange> changes, String state) {}

    private Changes sync(@Nullable String from) {
        Changes changes = syncSince(from);
        if (changes == null) {
            throw AttemptFailure.passing("HierarchySyncRefused");
        }
        return changes;
    }

    /** @return null if the server does not take the state */
    private @Nullable Changes syncSince(@Nullable String from) {
        List<FolderChange> changes = new ArrayList<>();
        String state = from;
        for (int page = 0; page < pagesMax; page++) {
            switch (session.syncFolderHierarchy(state)) {
                case Outcome.Got<FolderPage>(FolderPage got) -> {
                    changes.addAll(got.changes());
                    state = got.syncState();
                    if (got.last()) {
                        return new Changes(changes, state);
                    }
                }
                case Outcome.Failed<FolderPage>(ExchangeFailure failure) -> {
                    if (failure.reach() == FailureReach.SYNC_STATE) {
                        return null;
                    }
                    throw AttemptFailure.of(failure);
                }
            }
        }
        throw AttemptFailure.lasting("HierarchyNeverEnds");
    }
}
