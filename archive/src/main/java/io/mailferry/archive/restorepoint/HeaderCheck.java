package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.ItemOpener;
import io.mailferry.archive.part.Kind;

/** Whether an opened header belongs to the keys under which it lies. */
final class HeaderCheck {
    private HeaderCheck() {}

    static void check(ItemOpener opener, Kind kind, byte[] json, ItemKey item, FolderKey folder) throws Damaged {
        switch (kind) {
            case CONTENT, REFERENCE -> opener.itemHeader(json, item, folder);
            case DELETION, READ_FLAG, SKIP -> opener.markerHeader(json, item, folder);
            case FOLDER -> opener.folderHeader(json, item);
            case BEGIN, PAGE_END, END -> throw new IllegalArgumentException("not indexed: " + kind);
        }
    }
}
