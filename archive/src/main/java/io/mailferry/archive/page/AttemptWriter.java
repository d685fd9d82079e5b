package io.mailferry.archive.page;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.SealingKey;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.part.ItemSealer;
import io.mailferry.archive.part.PartSink;
import io.mailferry.contracts.id.PageId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the pages of one attempt, one after the other. For one thread.
 *
 * <p>Opening a page while another is open gives that one up: who stores it drops what came of it.
 */
public final class AttemptWriter implements AutoCloseable {
    private final PartSink sink;
    private final ItemSealer sealer;
    private @Nullable PageWriter open;

    /** @param level of zstd */
    public AttemptWriter(SealingKey key, AttemptPlace place, int level, PartSink sink) {
        this.sink = sink;
        this.sealer = new ItemSealer(key, place, level, this::send);
    }

    /**
     * Opens a page of a folder.
     *
     * @param previous the folder's head: its last page in the log, or the last one sent in this attempt
     * @param generation whether this is the first page of a sync from empty state
     */
    public PageWriter openPage(FolderKey folder, @Nullable PageId previous, boolean generation) {
        PageWriter page = new PageWriter(sealer, PageId.random(), folder, previous, generation);
        open = page;
        return page;
    }

    private void send(byte[] encoded) throws IOException {
        if (open != null) {
            open.sending(encoded);
        }
        sink.send(encoded);
    }

    @Override
    public void close() {
        sealer.close();
    }
}
