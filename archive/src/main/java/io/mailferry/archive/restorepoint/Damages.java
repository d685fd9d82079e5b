package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.ItemKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what is found damaged and keeps the first of it by name. */
final class Damages {
    private final int namedMax;
    private final Map<DamageCause, Long> counts = new EnumMap<>(DamageCause.class);
    private final List<FoundDamage> named = new ArrayList<>();

    Damages(int namedMax) {
        this.namedMax = namedMax;
    }

    void object(String object, DamageCause cause) {
        add(new FoundDamage(object, Optional.empty(), cause));
    }

    void item(String object, ItemKey item, DamageCause cause) {
        add(new FoundDamage(object, Optional.of(item), cause));
    }

    private void add(FoundDamage damage) {
        counts.merge(damage.cause(), 1L, Long::sum);
        if (named.size() < namedMax) {
            named.add(damage);
        }
    }

    Map<DamageCause, Long> counts() {
        return Map.copyOf(counts);
    }

    List<FoundDamage> named() {
        return List.copyOf(named);
    }
}
