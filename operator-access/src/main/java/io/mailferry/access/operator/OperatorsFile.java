package io.mailferry.access.operator;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The operators by the hash of their token. Looks at the file's time on every call, so that a withdrawn token stops
 * working without a restart; a file that became unreadable leaves the last good list in place and says so in the log.
 */
final class OperatorsFile {
    private static final Logger LOG = Logger.getLogger(OperatorsFile.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;
    private volatile Content content;

    /** @throws IllegalStateException if the file cannot be read or is no list of operators */
    OperatorsFile(Path file) {
        this.file = file;
        this.content = read(file);
    }

    Optional<Operator> byToken(String token) {
        refresh();
        return Optional.ofNullable(content.operators.get(sha256(token)));
    }

    private void refresh() {
        Content known = content;
        try {
            if (!Files.getLastModifiedTime(file).equals(known.readAt)) {
                content = read(file);
                LOG.info("operators' file read again");
            }
        } catch (IOException | IllegalStateException e) {
            LOG.error("operators' file cannot be read again, the last good one stays in force", e);
        }
    }

    private static Content read(Path file) {
        try {
            FileTime at = Files.getLastModifiedTime(file);
            List<Operator> listed = List.of(MAPPER.readValue(Files.readAllBytes(file), Operator[].class));
            Map<String, Operator> operators = new HashMap<>();
            for (Operator operator : listed) {
                if (operators.put(operator.tokenSha256(), operator) != null) {
                    throw new IllegalStateException("two operators in mailferry.operators.file have the same token");
                }
            }
            return new Content(at, Map.copyOf(operators));
        } catch (JacksonException e) {
            // Jackson's text may quote the file; its place is enough.
            throw new IllegalStateException("mailferry.operators.file is no list of operators"
                    + " {name, tokenSha256, roles, tenants}; see " + e.getLocation());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "mailferry.operators.file cannot be read; name a readable JSON file of operators",
                    new UncheckedIOException(e));
        }
    }

    private static String sha256(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Content(FileTime readAt, Map<String, Operator> operators) {}
}
