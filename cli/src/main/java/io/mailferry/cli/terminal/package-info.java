/** What a person sees: progress bars on a terminal, plain lines where there is none, figures that can be read. */
@NullMarked
package io.mailferry.cli.terminal;

import org.jspecify.annotations.NullMarked;
