/**
 * A small HTTP/1.1 server on loopback, plain or TLS, one virtual thread a connection. It owns sockets and framing; it never
 * knows what the requests mean. It exists because the JDK's own server cannot reset a connection in mid-answer.
 */
@NullMarked
package io.mailferry.simulator.http;

import org.jspecify.annotations.NullMarked;
