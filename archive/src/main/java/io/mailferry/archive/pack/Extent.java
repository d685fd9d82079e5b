package io.mailferry.archive.pack;

import java.util.UUID;

/**
 * Where the parts of an item lie: whole blocks of one pack.
 *
 * @param sha256 of those bytes, in hex
 */
public record Extent(UUID pack, long position, long length, String sha256) {}
