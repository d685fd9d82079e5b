package io.mailferry.archive.part;

/**
 * What became of an item.
 *
 * @param parts how many were sent
 * @param plainBytes of the content, before compression
 * @param sealedBytes of all encoded parts
 */
public record SealedItem(ContentId contentId, int parts, long plainBytes, long sealedBytes) {}
