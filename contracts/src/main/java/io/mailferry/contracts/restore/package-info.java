/** What restore-service proved or found damaged. */
@NullMarked
package io.mailferry.contracts.restore;

import org.jspecify.annotations.NullMarked;
