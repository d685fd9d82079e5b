/**
 * The operator's commands. They speak to the services' REST and to nothing else, and take secrets from files, never from
 * arguments.
 */
@NullMarked
package io.mailferry.cli;

import org.jspecify.annotations.NullMarked;
