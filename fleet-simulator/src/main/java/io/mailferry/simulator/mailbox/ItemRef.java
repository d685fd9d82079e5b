package io.mailferry.simulator.mailbox;

/**
 * An item for as long as it lives, wherever it is moved.
 *
 * @param origin number of the folder it came into being in
 * @param ordinal its number there
 */
record ItemRef(int origin, int ordinal) {}
