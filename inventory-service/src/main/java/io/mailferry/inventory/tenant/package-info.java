/** The tenants of the fleet and the sealing of their mail addresses. Never keeps an address in plain. */
@NullMarked
package io.mailferry.inventory.tenant;

import org.jspecify.annotations.NullMarked;
