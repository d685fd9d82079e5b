package io.mailferry.inventory.heartbeat;

/**
 * Marks a status's hash with the form that gateway and inventory each read the status by. While two versions run beside
 * each other, either may be the older one and leave out what only the newer one reads; then a mark is missing, the kept
 * hash is not the expected one, and the agent is asked for its status once more. Whoever makes the gateway or the
 * inventory keep more of a status raises the number.
 */
final class ReadForm {
    private static final String GATEWAY = "g2:";
    private static final String INVENTORY = "i2:";

    private ReadForm() {}

    /** As the gateway tells it of a status that it read. */
    static String read(String hash) {
        return GATEWAY + hash;
    }

    /** As the inventory keeps it. */
    static String kept(String readHash) {
        return INVENTORY + readHash;
    }
}
