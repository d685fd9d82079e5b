/**
 * The disk that packs are built on: one folder, emptied at start, within one budget over all mailboxes.
 */
@NullMarked
package io.mailferry.uploader.scratch;

import org.jspecify.annotations.NullMarked;
