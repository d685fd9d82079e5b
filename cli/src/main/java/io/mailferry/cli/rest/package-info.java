/** Mailferry's services as a caller sees them: where they are, the operator's token, JSON and problems. */
@NullMarked
package io.mailferry.cli.rest;

import org.jspecify.annotations.NullMarked;
