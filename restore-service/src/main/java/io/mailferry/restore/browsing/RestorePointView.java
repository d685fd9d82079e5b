package io.mailferry.restore.browsing;

import io.mailferry.contracts.id.RestorePointId;
import java.time.Instant;
import java.util.List;

/**
 * A restore point as its mailbox's log has it, not verified.
 *
 * @param at the uploader's clock when it was recorded
 * @param items live items
 * @param skipped items that could not be read from Exchange
 * @param sealedBytes stored bytes of the live items
 * @param gaps words for what it does not cover
 */
public record RestorePointView(
        RestorePointId restorePoint,
        long logNumber,
        Instant at,
        boolean complete,
        List<String> incompleteBecause,
        long items,
        long skipped,
        long sealedBytes,
        List<String> gaps) {}
