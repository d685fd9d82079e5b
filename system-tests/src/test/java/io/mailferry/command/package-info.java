/** {@code up}, {@code down} and {@code demo} as a user starts them: each a process of its own, judged by what it leaves. */
@NullMarked
package io.mailferry.command;

import org.jspecify.annotations.NullMarked;
