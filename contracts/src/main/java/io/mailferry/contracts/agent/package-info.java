/** What an authenticated backup agent reported, with every address sealed by the gateway. */
@NullMarked
package io.mailferry.contracts.agent;

import org.jspecify.annotations.NullMarked;
