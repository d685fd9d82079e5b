/**
 * Packs: Avro container files of sealed parts, written to a scratch file, read back by extent. Never opens a part.
 */
@NullMarked
package io.mailferry.archive.pack;

import org.jspecify.annotations.NullMarked;
