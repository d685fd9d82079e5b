/**
 * Where the bucket is, whether it can bear the archive, and how long a failing one is tried again.
 */
@NullMarked
package io.mailferry.uploader.bucket;

import org.jspecify.annotations.NullMarked;
