/**
 * RFC 9457 problems: what a caller is told when a call fails, with the field that is wrong. Never passes on the text of
 * an exception that it does not know.
 */
@NullMarked
package io.mailferry.access.problem;

import org.jspecify.annotations.NullMarked;
