package io.mailferry.restore;

import io.mailferry.stack.KafkaBroker;
import io.mailferry.stack.PostgresServer;
import io.mailferry.stack.S3Server;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A real Kafka, PostgreSQL and bucket for the service under test, and operators of all tenants, of one, and a viewer. */
public final class RestoreParts implements QuarkusTestResourceLifecycleManager {
    static final String TOKEN_OF_ALL = "token-of-ada";
    static final String TOKEN_OF_ONE = "token-of-ben";
    static final String TOKEN_OF_VIEWER = "token-of-cleo";
    static final String TOKEN_OF_OWN = "token-of-dora";
    static final String TOKEN_OF_FOREIGN = "token-of-emil";
    static final String TOKEN_OF_NO_ROLE = "token-of-fred";
    /** Of callers for all tenants who have only this one role. */
    static final Map<String, String> TOKENS_OF_ROLES = Map.of(
            "viewer",
            TOKEN_OF_VIEWER,
            "operator",
            "token-of-gerd",
            "approver",
            "token-of-hans",
            "restorer",
            "token-of-ida");

    static final String TENANT_OF_ONE = "11111111-1111-4111-8111-111111111111";

    private PostgresServer postgres;
    private KafkaBroker kafka;
    private S3Server s3;

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("restore-parts");
            postgres = PostgresServer.start(folder.resolve("postgres"));
            kafka = KafkaBroker.start(folder.resolve("kafka"));
            s3 = S3Server.start(folder.resolve("s3"));
            return configuration(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (s3 != null) {
            s3.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    private Map<String, String> configuration(Path folder) throws IOException {
        Path operators = folder.resolve("operators.json");
        Files.writeString(operators, operators());
        Map<String, String> configuration = new HashMap<>();
        configuration.putAll(kafka.environment());
        configuration.putAll(postgres.environment("restore"));
        configuration.putAll(s3.environment());
        configuration.put("MAILFERRY_OPERATORS_FILE", operators.toString());
        configuration.put("MAILFERRY_KEYS_DIRECTORY", folder.resolve("keys").toString());
        configuration.put(
                "MAILFERRY_SCRATCH_DIRECTORY", folder.resolve("scratch").toString());
        configuration.put("mailferry.verification.poll", "PT0.1S");
        configuration.put("mailferry.verification.pause-first", "PT0.1S");
        configuration.put("mailferry.verification.attempts-max", "3");
        configuration.put("test.s3.data", s3.data().toString());
        configuration.put("test.superuser", postgres.superuser().user());
        configuration.put("test.superuser-password", postgres.superuser().password());
        return configuration;
    }

    private static String operators() {
        Set<String> every = Set.of("viewer", "operator", "approver", "restorer", "admin");
        List<String> entries = new ArrayList<>(List.of(
                operator(TOKEN_OF_ALL, Set.of("admin"), "*"),
                operator(TOKEN_OF_ONE, Set.of("operator"), TENANT_OF_ONE),
                operator(TOKEN_OF_OWN, every, TENANT_OF_ONE),
                operator(TOKEN_OF_FOREIGN, every, "22222222-2222-4222-8222-222222222222"),
                operator(TOKEN_OF_NO_ROLE, Set.of(), "*")));
        TOKENS_OF_ROLES.forEach((role, token) -> entries.add(operator(token, Set.of(role), "*")));
        return entries.toString();
    }

    private static String operator(String token, Set<String> roles, String tenant) {
        String quoted = roles.stream().map(role -> '"' + role + '"').collect(Collectors.joining(","));
        return """
                {"name": "%s", "tokenSha256": "%s", "roles": [%s], "tenants": ["%s"]}""".formatted(token, sha256(token), quoted, tenant);
    }

    private static String sha256(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
