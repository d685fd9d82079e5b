/**
 * Reads SOAP answers as streams: cleaned of what is not XML, without DTDs or entities, within fixed limits. Knows no
 * operation and keeps no answer.
 */
@NullMarked
package io.mailferry.exchange.answer;

import org.jspecify.annotations.NullMarked;
