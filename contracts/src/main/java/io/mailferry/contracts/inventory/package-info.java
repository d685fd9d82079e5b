/** What changed in the world: servers, agents, backup sets, mailboxes. */
@NullMarked
package io.mailferry.contracts.inventory;

import org.jspecify.annotations.NullMarked;
