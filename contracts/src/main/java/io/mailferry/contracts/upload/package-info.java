/** What has been stored. Hints only: the mailbox log in the bucket is the truth. */
@NullMarked
package io.mailferry.contracts.upload;

import org.jspecify.annotations.NullMarked;
