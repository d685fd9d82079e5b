/**
 * Agents' settings, encrypted by the agent to the tenant's public key: checked for that without being opened, and opened
 * with the private key. Never stores one and decides on no release.
 */
@NullMarked
package io.mailferry.archive.escrow;

import org.jspecify.annotations.NullMarked;
