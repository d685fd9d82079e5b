package io.mailferry.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The working tree that is under test, by the {@code mailferry.root} system property. */
public final class Repository {
    public static final Path ROOT = Path.of(Objects.requireNonNull(
            System.getProperty("mailferry.root"), "the build sets mailferry.root to the repository's root"));

    /** The modules that are processes in production, in the order in which data meets them. */
    public static final List<String> SERVICES =
            List.of("inventory-service", "planner-service", "exporter-service", "uploader-service", "restore-service");

    private Repository() {}

    public static Path path(String relative) {
        return ROOT.resolve(relative);
    }

    public static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(String relative) {
        return text(path(relative));
    }

    /** The files below a folder that end so, sorted; none if there is no such folder. */
    public static List<Path> files(Path folder, String suffix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
