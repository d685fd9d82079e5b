/**
 * Exchange Web Services as Exchange 2013 speaks them: SOAP in, SOAP out, authentication, impersonation, and the operations a
 * backup reads with. It shares no code with Mailferry's own client, so that both cannot share a mistake.
 */
@NullMarked
package io.mailferry.simulator.ews;

import org.jspecify.annotations.NullMarked;
