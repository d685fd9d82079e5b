package io.mailferry.archive.part;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Parts in a list, for tests. */
public final class Parts implements PartSink {
    public final List<byte[]> encoded = new ArrayList<>();

    @Override
    public void send(byte[] part) {
        encoded.add(part);
    }

    public List<Part> read() {
        List<Part> parts = new ArrayList<>();
        for (byte[] part : encoded) {
            try {
                parts.add(Part.read(part));
            } catch (Damaged e) {
                throw new AssertionError(e);
            }
        }
        return parts;
    }

    public PartSource source() {
        return source(read());
    }

    public static PartSource source(List<Part> parts) {
        Iterator<Part> iterator = parts.iterator();
        return () -> iterator.hasNext() ? iterator.next() : null;
    }
}
