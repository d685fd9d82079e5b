package io.mailferry.exchange.connection;

import java.time.Duration;

/**
 * Bounds of one request.
 *
 * @param connect how long a connection may take
 * @param read how long one read may wait for the server; Exchange works up to a minute on a batch before it answers
 * @param answer how long a whole answer may take, from the request on: a server that drips is cut off
 * @param answerBytesMax how many bytes (after gzip) an answer may have
 * @param redirectsMax how many redirects in a row are followed, all of them on the same host
 */
public record ConnectionLimits(
        Duration connect, Duration read, Duration answer, long answerBytesMax, int redirectsMax) {}
