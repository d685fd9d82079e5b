package io.mailferry.exchange.folder;

/** What happened to a folder since a sync state. A renamed or moved folder is an update. */
public sealed interface FolderChange {

    FolderId id();

    record Created(Folder folder) implements FolderChange {
        @Override
        public FolderId id() {
            return folder.id();
        }
    }

    record Updated(Folder folder) implements FolderChange {
        @Override
        public FolderId id() {
            return folder.id();
        }
    }

    record Deleted(FolderId id) implements FolderChange {}
}
