/**
 * Restore points: which version of each item is live at one, whether it is complete, and the proof that everything in it
 * can be read back. Never writes to the bucket.
 */
@NullMarked
package io.mailferry.archive.restorepoint;

import org.jspecify.annotations.NullMarked;
