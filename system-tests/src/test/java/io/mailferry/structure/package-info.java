/** Holds every module's compiled classes against the rules of CONTRIBUTING.md that a compiler does not know. */
@NullMarked
package io.mailferry.structure;

import org.jspecify.annotations.NullMarked;
