/** Reads agents' JSON field by field, so that whatever is wrong is named by its path. Never repairs or guesses. */
@NullMarked
package io.mailferry.inventory.protocol;

import org.jspecify.annotations.NullMarked;
