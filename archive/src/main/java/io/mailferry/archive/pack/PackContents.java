package io.mailferry.archive.pack;

import java.util.UUID;

/** A finished pack: its length and checksums in hex. */
public record PackContents(UUID id, long bytes, String sha256, String md5) {}
