package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent writes down what must outlive its process: its credential, the commands that it accepted, what became of
 * them. One JSON object a line, only ever appended to; a last line that is torn is as if it had not been written.
 */
final class JournalFile {
    private final @Nullable Path file;
    private final ObjectMapper mapper;

    private JournalFile(@Nullable Path file, ObjectMapper mapper) {
        this.file = file;
        this.mapper = mapper;
    }

    /** Keeps nothing, as the demo wants it. */
    static JournalFile none(ObjectMapper mapper) {
        return new JournalFile(null, mapper);
    }

    /** @param folder made when it is not there; the agents' credentials are in it */
    static JournalFile in(Path folder, String agent, ObjectMapper mapper) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve(agent.replaceAll("[^A-Za-z0-9._-]", "_") + ".jsonl");
            if (!Files.exists(file)) {
                Files.createFile(file, ownersOnly(file));
            }
            return new JournalFile(file, mapper);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileAttribute<?>[] ownersOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    List<JsonNode> read() {
        List<JsonNode> lines = new ArrayList<>();
        if (file == null) {
            return lines;
        }
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            int whole = text.lastIndexOf('\n') + 1;
            for (String line : text.substring(0, whole).lines().toList()) {
                lines.add(mapper.readTree(line));
            }
            if (whole < text.length()) {
                Files.writeString(file, text.substring(0, whole), StandardCharsets.UTF_8);
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException("A journal cannot be read", e);
        }
    }

    /** A line to fill and to {@link #append}. */
    ObjectNode line(String kind) {
        return mapper.createObjectNode().put("line", kind);
    }

    void append(ObjectNode line) {
        if (file == null) {
            return;
        }
        try {
            Files.writeString(file, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("A journal cannot be written", e);
        }
    }
}
