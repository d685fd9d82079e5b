/**
 * Operators, their tokens, roles and tenants, and the identity a request runs as. Knows agents' credentials not at all,
 * and never keeps a token, only its hash.
 */
@NullMarked
package io.mailferry.access.operator;

import org.jspecify.annotations.NullMarked;
