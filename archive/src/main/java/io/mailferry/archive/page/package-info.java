/**
 * Pages, the transaction of the data path: how the exporter writes one, and what its end says.
 */
@NullMarked
package io.mailferry.archive.page;

import org.jspecify.annotations.NullMarked;
