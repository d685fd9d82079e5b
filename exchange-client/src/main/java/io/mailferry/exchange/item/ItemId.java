package io.mailferry.exchange.item;

/**
 * The id of an item as the server gave it: case-sensitive, up to 512 bytes, new after a move.
 *
 * @param changeKey changes with each change of the item; empty when the server sends none
 */
public record ItemId(String value, String changeKey) {

    public ItemId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("an item id is not empty");
        }
    }

    boolean isSameItem(ItemId other) {
        return value.equals(other.value);
    }
}
