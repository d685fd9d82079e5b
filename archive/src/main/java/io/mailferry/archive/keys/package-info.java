/**
 * The keys of a tenant: the directory they come from, the wrapped keysets in the bucket, and what is computed with them.
 * Never talks to the bucket and never logs or prints key material.
 */
@NullMarked
package io.mailferry.archive.keys;

import org.jspecify.annotations.NullMarked;
