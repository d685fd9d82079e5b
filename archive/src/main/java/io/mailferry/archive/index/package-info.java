/**
 * Index entries and the segments that hold them, sorted by item key.
 */
@NullMarked
package io.mailferry.archive.index;

import org.jspecify.annotations.NullMarked;
