package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.ItemKey;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the mailbox is at one point in time: for each item the version that counts, in the order of the items' keys and
 * in constant memory. The rules:
 *
 * <ul>
 *   <li>the last content or reference is live;
 *   <li>a deletion takes effect one restore point after it was stored, so that a moved item is never in neither folder;
 *   <li>a skip leaves older content live, and clears an earlier deletion, since the item is there;
 *   <li>a read flag changes state only;
 *   <li>a folder that was read anew deletes what it no longer names;
 *   <li>a folder that the exporter no longer names takes its items with it, one restore point later.
 * </ul>
 */
public final class Fold {
    private final Versions versions;
    private final PointInTime point;
    private @Nullable Version pending;

    public Fold(Versions versions, PointInTime point) {
        this.versions = versions;
        this.point = point;
    }

    /** @return the next item, skipped item or folder, or null after the last */
    public @Nullable ItemAtPoint next() throws IOException {
        while (true) {
            Version first = pending == null ? versions.next() : pending;
            if (first == null) {
                return null;
            }
            Optional<ItemAtPoint> item = fold(first);
            if (item.isPresent()) {
                return item.get();
            }
        }
    }

    private Optional<ItemAtPoint> fold(Version first) throws IOException {
        ItemKey key = first.entry().item();
        ItemHistory history = new ItemHistory();
        Version version = first;
        while (version != null && version.entry().item().equals(key)) {
            if (version.logNumber() < point.number()) {
                history.add(version);
            }
            version = versions.next();
        }
        pending = version;
        return history.at(point);
    }
}
