/**
 * EWS as the services use it: one session for one worker and one mailbox. Keeps nothing, decides nothing about
 * backups, and prints nothing that it read.
 */
@NullMarked
package io.mailferry.exchange;

import org.jspecify.annotations.NullMarked;
