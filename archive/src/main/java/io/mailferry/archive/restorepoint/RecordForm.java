package io.mailferry.archive.restorepoint;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** How a record lies in a scratch file. Scratch files never outlive the process, so the form may change freely. */
interface RecordForm<T> {
    void write(T value, DataOutputStream out) throws IOException;

    T read(DataInputStream in) throws IOException;

    /** About how many bytes of heap the record takes. */
    int weight(T value);
}
