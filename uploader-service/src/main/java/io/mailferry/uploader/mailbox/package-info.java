/**
 * What becomes of one mailbox's parts: attempts, pages, packs, log entries and restore points. Holds no key and opens
 * nothing.
 */
@NullMarked
package io.mailferry.uploader.mailbox;

import org.jspecify.annotations.NullMarked;
