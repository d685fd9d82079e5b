/**
 * Items of a folder: what changed, what they are, and their content as a stream. Content is never held: it goes to a
 * sink as it arrives.
 */
@NullMarked
package io.mailferry.exchange.item;

import org.jspecify.annotations.NullMarked;
