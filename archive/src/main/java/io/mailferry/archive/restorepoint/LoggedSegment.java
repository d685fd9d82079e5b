package io.mailferry.archive.restorepoint;

import io.mailferry.archive.log.SegmentRef;

/** A segment and the number of the log entry that stored it. */
public record LoggedSegment(long logNumber, SegmentRef segment) {}
