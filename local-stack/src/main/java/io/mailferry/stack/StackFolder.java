package io.mailferry.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The one folder that a stack keeps its state in; nobody but its owner may look into it. */
public final class StackFolder {
    private static final String OPERATOR = "operator-token";

    private final Path path;
    private final String token;
    private final Claim lock;

    private StackFolder(Path path, String token, Claim lock) {
        this.path = path;
        this.token = token;
        this.lock = lock;
    }

    /** Makes what is missing, keeps what is there, and keeps a second stack out until {@link #release()}. */
    static StackFolder prepare(Path wanted) {
        Path path = wanted.toAbsolutePath().normalize();
        try {
            makePrivately(path);
            Claim lock = Claim.take(
                    path.resolve("lock"),
                    "Another stack works in " + path + "; stop it first, or choose another folder");
            for (String name : new String[] {"keys", "credentials", "scratch", "logs"}) {
                makePrivately(path.resolve(name));
            }
            Secrets secrets = Secrets.in(path.resolve("secrets.properties"));
            StackFolder folder = new StackFolder(path, secrets.named(OPERATOR), lock);
            Secrets.writePrivately(folder.tokenFile(), folder.token + "\n");
            Secrets.writePrivately(
                    folder.operatorsFile(),
                    "[{\"name\": \"local-operator\", \"tokenSha256\": \"" + sha256(folder.token)
                            + "\", \"roles\": [\"admin\", \"restorer\"], \"tenants\": [\"*\"]}]\n");
            return folder;
        } catch (FileAlreadyExistsException e) {
            throw new StackFailure("A file is where a folder is needed: " + e.getFile(), e);
        } catch (IOException e) {
            throw new StackFailure("The folder " + path + " cannot be prepared: " + e.getMessage(), e);
        }
    }

    private static void makePrivately(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    void release() {
        lock.close();
    }

    public Path path() {
        return path;
    }

    public Path keys() {
        return path.resolve("keys");
    }

    public Path credentials() {
        return path.resolve("credentials");
    }

    public Path logs() {
        return path.resolve("logs");
    }

    /** The token of an operator who may do everything, for {@code Authorization: Bearer}. */
    public String operatorToken() {
        return token;
    }

    /** The file, readable by its owner only, that holds the token. */
    public Path tokenFile() {
        return path.resolve("operator.token");
    }

    Path operatorsFile() {
        return path.resolve("operators.json");
    }

    Path scratch(String name) {
        Path folder = path.resolve("scratch").resolve(name.replace(' ', '-'));
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StackFailure("The folder " + folder + " cannot be made.", e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
