/**
 * Parts, the unit that crosses Kafka and lies in packs: their Avro form, how an item is sealed into parts and opened again.
 * Knows nothing of Kafka, files or the bucket.
 */
@NullMarked
package io.mailferry.archive.part;

import org.jspecify.annotations.NullMarked;
