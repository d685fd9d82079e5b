package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.ItemKey;
import java.util.Optional;

/**
 * One damage.
 *
 * @param object the object's name in the bucket
 * @param item the item that suffers from it, where it is one
 */
public record FoundDamage(String object, Optional<ItemKey> item, DamageCause cause) {}
