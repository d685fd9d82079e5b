package io.mailferry.archive.pack;

import io.mailferry.archive.store.Checksums;
import java.util.UUID;

/** A finished pack: its length and checksums in hex. */
public record PackContents(UUID id, long bytes, String sha256, String md5) {
    public Checksums checksums() {
        return new Checksums(md5, sha256);
    }
}
