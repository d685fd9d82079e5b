/**
 * Generated mail of real shape: what a message holds is decided from its seed (MailPlan), its MIME is written as a stream
 * (MailWriter). It never holds a message's bytes, and knows neither mailboxes nor EWS.
 */
@NullMarked
package io.mailferry.simulator.mail;

import org.jspecify.annotations.NullMarked;
