/** Facts about Exchange that several services speak of: builds, sealed addresses, how an EWS endpoint is reached, why an item was skipped. */
@NullMarked
package io.mailferry.contracts.exchange;

import org.jspecify.annotations.NullMarked;
