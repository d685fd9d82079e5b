package io.mailferry.archive.log;

import java.util.UUID;

/** A pack as the log names it; checksums in hex. */
public record PackRef(UUID id, long bytes, String sha256, String md5) {}
