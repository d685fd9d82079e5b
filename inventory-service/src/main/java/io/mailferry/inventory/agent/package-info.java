/** Agents: enrolment tokens, credentials, boots and sequences, and whether they are late. Keeps only hashes of secrets. */
@NullMarked
package io.mailferry.inventory.agent;

import org.jspecify.annotations.NullMarked;
