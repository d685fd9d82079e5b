/**
 * Starts the real parts (Kafka, PostgreSQL, S3) and the services on one machine, each as a process of its own on
 * loopback ports, and ends whatever it started. It never depends on a service's code.
 */
@NullMarked
package io.mailferry.stack;

import org.jspecify.annotations.NullMarked;
