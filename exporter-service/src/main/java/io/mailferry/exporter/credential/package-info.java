/** Accounts of Exchange servers, read from mounted files when they are needed and kept nowhere. */
@NullMarked
package io.mailferry.exporter.credential;

import org.jspecify.annotations.NullMarked;
