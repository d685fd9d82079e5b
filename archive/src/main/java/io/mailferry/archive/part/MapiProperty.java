package io.mailferry.archive.part;

import java.util.List;

/**
 * A MAPI property that MIME loses.
 *
 * @param name such as {@code 0x1035} or {@code {set GUID}:0x8005}
 * @param type the EWS name of the type, such as {@code String} or {@code BinaryArray}
 * @param values one, or several of a multi-valued property; binary as base64
 */
public record MapiProperty(String name, String type, List<String> values) {
    public MapiProperty {
        values = List.copyOf(values);
    }

    /** Values are content. */
    @Override
    public String toString() {
        return "MapiProperty " + name;
    }
}
