/** Pages of lists, by key and not by number, so that what comes or goes meanwhile shifts nothing. Knows no list's content. */
@NullMarked
package io.mailferry.inventory.listing;

import org.jspecify.annotations.NullMarked;
