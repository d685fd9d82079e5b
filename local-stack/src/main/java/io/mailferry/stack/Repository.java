package io.mailferry.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the built things lie: the parts' jars and the services' applications, below the root of the source tree. */
final class Repository {
    private static final Path MARKER = Path.of("local-stack", "parts", "kafka", "pom.xml");

    private Repository() {}

    /**
     * The root of the source tree: the system property {@code mailferry.root}, or else the nearest folder upwards from
     * the working directory that looks like it.
     */
    static Path root() {
        @Nullable String given = System.getProperty("mailferry.root");
        if (given != null && !given.isBlank()) {
            return Path.of(given).toAbsolutePath().normalize();
        }
        @Nullable Path candidate = Path.of("").toAbsolutePath();
        while (candidate != null) {
            if (Files.exists(candidate.resolve(MARKER))) {
                return candidate;
            }
            candidate = candidate.getParent();
        }
        throw new StackFailure("The folder of Mailferry's sources was not found from "
                + Path.of("").toAbsolutePath() + " upwards; start there, or give -Dmailferry.root=FOLDER.");
    }

    /** The class path of a part, in a fixed order because class-data archives are bound to it. */
    static List<Path> jars(String part) {
        Path folder =
                root().resolve("local-stack").resolve("parts").resolve(part).resolve("target/jars");
        if (!Files.isDirectory(folder)) {
            throw new StackFailure("The jars of " + part + " are not in " + folder
                    + "; collect them with: ./mvnw -pl local-stack/parts/" + part + " install");
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StackFailure("The jars of " + part + " in " + folder + " cannot be listed.", e);
        }
    }

    /** A folder for what is made once and can be made again, such as unpacked binaries. */
    static Path cache() {
        return root().resolve("local-stack").resolve("target").resolve("cache");
    }
}
