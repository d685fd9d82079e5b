/** Opaque identities. Each is a random UUID, never derived from an address or a name, so that it may stand in keys, headers and logs. */
@NullMarked
package io.mailferry.contracts.id;

import org.jspecify.annotations.NullMarked;
