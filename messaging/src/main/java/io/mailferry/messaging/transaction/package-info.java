/** Work in PostgreSQL that is bound to one tenant, and the events that become true with it. */
@NullMarked
package io.mailferry.messaging.transaction;

import org.jspecify.annotations.NullMarked;
