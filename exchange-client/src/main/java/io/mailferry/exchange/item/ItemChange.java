package io.mailferry.exchange.item;

/** What happened to an item since a sync state. A moved item is deleted here and created there. */
public sealed interface ItemChange {

    ItemId id();

    /** @param size as the server reckons it; -1 when it does not say */
    record Created(ItemId id, long size) implements ItemChange {}

    /** @param size as the server reckons it; -1 when it does not say */
    record Updated(ItemId id, long size) implements ItemChange {}

    record Deleted(ItemId id) implements ItemChange {}

    /** Some servers send an update instead. */
    record ReadFlagChanged(ItemId id, boolean read) implements ItemChange {}
}
