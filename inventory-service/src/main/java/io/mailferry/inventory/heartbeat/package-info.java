/** The agents' gateway and its consumer: heartbeats in, changes of the inventory out, each exactly once. */
@NullMarked
package io.mailferry.inventory.heartbeat;

import org.jspecify.annotations.NullMarked;
