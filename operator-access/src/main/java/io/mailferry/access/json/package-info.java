/** The ids of contracts as JSON values and as path and query parameters. Knows no other type. */
@NullMarked
package io.mailferry.access.json;

import org.jspecify.annotations.NullMarked;
