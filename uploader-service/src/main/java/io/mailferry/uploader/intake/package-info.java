/**
 * The item topic: polls it, hands each part to its mailbox's lane, holds partitions back, commits offsets and deletes what
 * is below them. Never commits past a part that is not settled.
 */
@NullMarked
package io.mailferry.uploader.intake;

import org.jspecify.annotations.NullMarked;
