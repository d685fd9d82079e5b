/**
 * The object store behind the archive, over the MinIO SDK: whole objects only, results as values, failures with a
 * category. Never retries; whoever calls decides.
 */
@NullMarked
package io.mailferry.archive.store;

import org.jspecify.annotations.NullMarked;
