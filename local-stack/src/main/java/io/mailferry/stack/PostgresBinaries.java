package io.mailferry.stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's own programs for Linux on amd64, unpacked once from the jar that carries them. */
final class PostgresBinaries {
    private static final String RESOURCE = "/postgres-linux-x86_64.txz";

    private PostgresBinaries() {}

    /** The folder that holds {@code bin}, {@code lib} and {@code share}; unpacked when it is not there yet. */
    static Path unpacked() {
        if (!"amd64".equals(System.getProperty("os.arch")) || !"Linux".equals(System.getProperty("os.name"))) {
            throw new StackFailure("The local stack brings PostgreSQL for Linux on amd64 only; this machine is "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch") + ".");
        }
        Path folder = Repository.cache().resolve("postgres-" + version());
        if (Files.isDirectory(folder)) {
            return folder;
        }
        Path making = folder.resolveSibling(folder.getFileName() + "." + UUID.randomUUID());
        try {
            unpack(making);
            Files.move(making, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another process may have been first; its folder is as good as ours.
            deleteTree(making);
            if (!Files.isDirectory(folder)) {
                throw new StackFailure("PostgreSQL could not be unpacked to " + folder, e);
            }
        }
        return folder;
    }

    /** The jar's file name tells the version apart when it changes. */
    private static String version() {
        return Integer.toHexString(String.valueOf(PostgresBinaries.class.getResource(RESOURCE))
                .replaceAll(".*/([^/]+\\.jar).*", "$1")
                .hashCode());
    }

    private static void unpack(Path target) throws IOException {
        Files.createDirectories(target);
        try (@Nullable InputStream packed = PostgresBinaries.class.getResourceAsStream(RESOURCE)) {
            if (packed == null) {
                throw new IOException("the class path has no " + RESOURCE);
            }
            try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    unpack(tar, entry, target);
                }
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("the archive names a file outside of its folder");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(path, target.resolve(entry.getLinkName()));
        } else {
            Files.copy(tar, path);
            if ((entry.getMode() & 0100) != 0) {
                Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
                permissions.addAll(Set.of(
                        PosixFilePermission.OWNER_EXECUTE,
                        PosixFilePermission.GROUP_EXECUTE,
                        PosixFilePermission.OTHERS_EXECUTE));
                Files.setPosixFilePermissions(path, permissions);
            }
        }
    }

    private static void deleteTree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new StackFailure("The folder " + folder + " could not be deleted.", e);
        }
    }
}
