/**
 * One attempt to bring a mailbox up to date in the archive: begins from the log, reads Exchange, sends sealed pages,
 * ends with its witness. Knows no job and no lease, and keeps nothing between two attempts.
 */
@NullMarked
package io.mailferry.exporter.attempt;

import org.jspecify.annotations.NullMarked;
