/**
 * Verification jobs: rows with leases, the workers that prove restore points, what is told of it, and the REST to start
 * and follow one. Never changes the bucket.
 */
@NullMarked
package io.mailferry.restore.verification;

import org.jspecify.annotations.NullMarked;
