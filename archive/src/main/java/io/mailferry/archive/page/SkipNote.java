package io.mailferry.archive.page;

import io.mailferry.archive.part.ArchiveJson;
import io.mailferry.archive.part.Damaged;

/** What is in clear on a skip: why the item could not be read. */
public record SkipNote(String cause) {
    public SkipNote {
        Words.require(cause);
    }

    public static SkipNote read(byte[] clear) throws Damaged {
        return ArchiveJson.read(clear, SkipNote.class, "skip");
    }
}
