/** Wires restore-service: reads the bucket with the tenant's keys and proves restore points. Decides nothing itself. */
@NullMarked
package io.mailferry.restore;

import org.jspecify.annotations.NullMarked;
