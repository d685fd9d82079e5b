/** Wires exporter-service: Exchange to Kafka. Holds no logic of its own. */
@NullMarked
package io.mailferry.exporter;

import org.jspecify.annotations.NullMarked;
