/**
 * What the bucket says a mailbox has: its restore points, and which items they lack. Reads the log afresh for each call
 * and opens no content.
 */
@NullMarked
package io.mailferry.restore.browsing;

import org.jspecify.annotations.NullMarked;
