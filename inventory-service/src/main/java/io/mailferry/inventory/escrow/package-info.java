/** Puts agents' escrowed settings into the bucket as they come, encrypted. Cannot open them. */
@NullMarked
package io.mailferry.inventory.escrow;

import org.jspecify.annotations.NullMarked;
