/**
 * Signing in at an OpenID Connect provider, and what is kept of it between commands: in one file that only its owner may
 * read. Knows of the services only their addresses.
 */
@NullMarked
package io.mailferry.cli.signin;

import org.jspecify.annotations.NullMarked;
