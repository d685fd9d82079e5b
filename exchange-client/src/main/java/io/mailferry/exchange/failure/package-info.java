/**
 * What can go wrong with an answer of Exchange, as values: category, reach and raw code. Never text of the server,
 * which may hold content.
 */
@NullMarked
package io.mailferry.exchange.failure;

import org.jspecify.annotations.NullMarked;
