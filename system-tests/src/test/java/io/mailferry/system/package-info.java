/**
 * The whole path on real parts: simulated Exchange, five services, Kafka, PostgreSQL and an S3 server, each a process of
 * its own, and what happens when one of them is killed, emptied, restarted or lied to.
 */
@NullMarked
package io.mailferry.system;

import org.jspecify.annotations.NullMarked;
