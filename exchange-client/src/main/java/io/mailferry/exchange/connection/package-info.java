/**
 * The way to one Exchange server for one mailbox: authentication, TLS, headers, timeouts, redirects, repetition. Knows
 * the envelope of EWS and no operation.
 */
@NullMarked
package io.mailferry.exchange.connection;

import org.jspecify.annotations.NullMarked;
