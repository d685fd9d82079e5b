/**
 * Wires the service: starts what the packages below own, and stops it in order. Decides nothing itself.
 */
@NullMarked
package io.mailferry.uploader;

import org.jspecify.annotations.NullMarked;
