/**
 * Tells exporters and planner what was stored. Hints only: the mailbox log is the truth.
 */
@NullMarked
package io.mailferry.uploader.progress;

import org.jspecify.annotations.NullMarked;
