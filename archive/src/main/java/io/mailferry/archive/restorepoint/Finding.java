package io.mailferry.archive.restorepoint;

import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.RestorePointId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a verification of one restore point found.
 *
 * @param logNumber of the restore point
 * @param complete whether it has everything that Exchange had, as recomputed here
 * @param incompleteBecause empty if complete
 * @param items live items whose every byte was read and opened
 * @param bytes of their content as Exchange gave it
 * @param skipped items that could not be read from Exchange, by cause
 * @param damages how many of each cause; empty is a proof
 * @param named the first damages, at most as many as the settings admit
 */
public record Finding(
        RestorePointId restorePoint,
        long logNumber,
        boolean complete,
        Set<IncompleteReason> incompleteBecause,
        long items,
        long bytes,
        Map<SkipCause, Long> skipped,
        Map<DamageCause, Long> damages,
        List<FoundDamage> named) {
    public Finding {
        incompleteBecause = Set.copyOf(incompleteBecause);
        skipped = Map.copyOf(skipped);
        damages = Map.copyOf(damages);
        named = List.copyOf(named);
    }

    /** How many damages of all causes. */
    public long damaged() {
        return damages.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many items could not be read from Exchange. */
    public long skippedItems() {
        return skipped.values().stream().mapToLong(Long::longValue).sum();
    }
}
