/** What Mailferry's services tell each other: topics and the events on them. Knows no framework and no wire format. */
@NullMarked
package io.mailferry.contracts;

import org.jspecify.annotations.NullMarked;
