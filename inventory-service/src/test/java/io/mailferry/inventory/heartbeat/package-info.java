/** Tests of the gateway's parts. */
@NullMarked
package io.mailferry.inventory.heartbeat;

import org.jspecify.annotations.NullMarked;
