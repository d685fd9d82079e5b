package io.mailferry.archive.part;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/** The Avro schema of a part, and the ten bytes before each single encoded part: C3 01 and its fingerprint. */
public final class PartSchema {
    public static final Schema SCHEMA = load();

    /** CRC-64-AVRO of the schema's parsing canonical form. */
    public static final long FINGERPRINT = SchemaNormalization.parsingFingerprint64(SCHEMA);

    static final byte MARKER_0 = (byte) 0xC3;
    static final byte MARKER_1 = 0x01;

    /** Length of the single-object header. */
    public static final int PREAMBLE_BYTES = 10;

    private PartSchema() {}

    private static Schema load() {
        try (InputStream schema = PartSchema.class.getResourceAsStream("/io/mailferry/archive/part.avsc")) {
            return new Schema.Parser().parse(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
