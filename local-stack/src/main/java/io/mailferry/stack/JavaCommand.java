package io.mailferry.stack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The command line of a child JVM, with the JDK that runs us. A class-data archive, written by the first child that
 * ends in an orderly way, more than halves the start of those after it.
 */
final class JavaCommand {
    private final Path archive;
    private final Path archiveInTheMaking;
    private final boolean archived;
    private final List<String> command = new ArrayList<>();

    private JavaCommand(String part, List<Path> classPath, String mainClass, List<String> options, List<String> args) {
        Path folder = Repository.cache();
        this.archive = folder.resolve(part + "-" + Runtime.version().feature() + "-" + fingerprint(classPath) + ".jsa");
        this.archiveInTheMaking = folder.resolve(part + "-" + UUID.randomUUID() + ".making");
        this.archived = Files.exists(archive);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-Xshare:auto");
        // An archive that does not fit is not worth a line: the JVM goes on without it.
        command.add("-Xlog:disable");
        command.add("-Xlog:all=error:stderr");
        command.add("-Xlog:cds=off");
        command.add("-Xlog:aot=off");
        command.add(archived ? "-XX:SharedArchiveFile=" + archive : "-XX:ArchiveClassesAtExit=" + archiveInTheMaking);
        command.add("-cp");
        command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(mainClass);
        command.addAll(args);
    }

    static JavaCommand of(String part, String mainClass, List<String> options, List<String> args) {
        return new JavaCommand(part, Repository.jars(part), mainClass, options, args);
    }

    /** For a tool that runs once: its classes are not those of the server, so its archive would be of no use. */
    JavaCommand withoutNewArchive() {
        command.removeIf(argument -> argument.startsWith("-XX:ArchiveClassesAtExit="));
        return this;
    }

    List<String> line() {
        try {
            Files.createDirectories(archive.getParent());
        } catch (IOException e) {
            throw new StackFailure("The folder " + archive.getParent() + " cannot be made.", e);
        }
        return List.copyOf(command);
    }

    /** To be called when the child has ended: puts the archive it wrote into its place, if it wrote one. */
    void keepArchive() {
        if (archived) {
            return;
        }
        try {
            if (Files.exists(archiveInTheMaking)) {
                Files.move(
                        archiveInTheMaking,
                        archive,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            // Only a speed-up is lost: the next start makes it anew.
            archiveInTheMaking.toFile().deleteOnExit();
        }
    }

    private static String fingerprint(List<Path> classPath) {
        return Integer.toHexString((System.getProperty("java.home") + Runtime.version() + classPath).hashCode());
    }
}
