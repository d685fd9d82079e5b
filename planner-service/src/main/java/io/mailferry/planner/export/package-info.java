/** Exports and verifications that an operator asks for, for any mailbox of a connected server, with or without a plan. */
@NullMarked
package io.mailferry.planner.export;

import org.jspecify.annotations.NullMarked;
