/** Tests of the whole service on real parts: one start of Kafka, PostgreSQL, S3 and the service for all of them. */
@NullMarked
package io.mailferry.inventory;

import org.jspecify.annotations.NullMarked;
