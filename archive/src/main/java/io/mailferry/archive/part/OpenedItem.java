package io.mailferry.archive.part;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * An item being read.
 *
 * @param header the JSON that was sealed
 * @param content to be read to its end, since only there are length and checksum compared: it throws {@link Damaged}.
 *     Absent for markers, and for a reference, whose content lies elsewhere
 */
public record OpenedItem(
        PartLabel label, byte[] header, @Nullable InputStream content) {
    @Override
    public String toString() {
        return "OpenedItem " + label;
    }
}
