package io.mailferry.archive.log;

import java.util.UUID;

/** An index segment as the log names it; checksum in hex. */
public record SegmentRef(UUID id, long bytes, String sha256, long entries) {}
