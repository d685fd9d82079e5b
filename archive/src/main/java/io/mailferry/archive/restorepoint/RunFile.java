package io.mailferry.archive.restorepoint;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A scratch file of sorted records. Each record is preceded by a byte 1, the end is a byte 0. */
final class RunFile<T> implements Records<T> {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final DataInputStream in;
    private final RecordForm<T> form;
    private boolean ended;

    RunFile(Path file, RecordForm<T> form) throws IOException {
        this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES));
        this.form = form;
    }

    /** Writes the records as they come. */
    static <T> void write(Scratch scratch, Path file, RecordForm<T> form, Records<T> records) throws IOException {
        try (DataOutputStream out = new DataOutputStream(scratch.create(file))) {
            for (T value = records.next(); value != null; value = records.next()) {
                out.writeByte(1);
                form.write(value, out);
            }
            out.writeByte(0);
        }
    }

    @Override
    public @Nullable T next() throws IOException {
        if (ended || in.readByte() == 0) {
            ended = true;
            return null;
        }
        return form.read(in);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
