/** Work in PostgreSQL that is bound to one tenant, the events that become true with it and those it has taken. */
@NullMarked
package io.mailferry.messaging.transaction;

import org.jspecify.annotations.NullMarked;
