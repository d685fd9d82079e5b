/**
 * Export jobs: a command becomes a row, workers lease rows, and what becomes of a job is told once it is true. Never
 * reads Exchange itself.
 */
@NullMarked
package io.mailferry.exporter.job;

import org.jspecify.annotations.NullMarked;
