/** Exchange servers: who reported them, how an operator connected them, which build is whose word. Never holds a password longer than it takes to write its file. */
@NullMarked
package io.mailferry.inventory.server;

import org.jspecify.annotations.NullMarked;
