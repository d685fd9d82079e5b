/**
 * Derives the reference pages in {@code docs/} from the sources and compares them with what is committed. Run the tests
 * with {@code MAILFERRY_WRITE_DOCS=true} in the environment to write the pages anew.
 */
@NullMarked
package io.mailferry.documents;

import org.jspecify.annotations.NullMarked;
