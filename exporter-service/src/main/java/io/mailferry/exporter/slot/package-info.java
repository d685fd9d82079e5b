/**
 * How many mailboxes of one Exchange server are read at a time, over all exporters: slot rows under a limit that widens
 * while the server answers and halves when it asks for less. Knows no job.
 */
@NullMarked
package io.mailferry.exporter.slot;

import org.jspecify.annotations.NullMarked;
