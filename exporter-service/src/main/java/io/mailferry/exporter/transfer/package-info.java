/**
 * The way of sealed parts to the uploader: the item topic, and what is on its way there unconfirmed. Never looks into a
 * part.
 */
@NullMarked
package io.mailferry.exporter.transfer;

import org.jspecify.annotations.NullMarked;
