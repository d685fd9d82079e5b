/** What the exporter noticed about Exchange while reading it. */
@NullMarked
package io.mailferry.contracts.export;

import org.jspecify.annotations.NullMarked;
