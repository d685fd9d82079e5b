/** Wires inventory-service: what exists, and the agents' gateway. Holds no domain logic. */
@NullMarked
package io.mailferry.inventory;

import org.jspecify.annotations.NullMarked;
