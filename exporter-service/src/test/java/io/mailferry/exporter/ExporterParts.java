package io.mailferry.exporter;

import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.TenantId;
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

/**
 * A real Kafka, PostgreSQL and bucket for the service under test, a tenant with keys and an Exchange account, and
 * operators of that tenant, of another, and of all.
 */
public final class ExporterParts implements QuarkusTestResourceLifecycleManager {
    static final String TOKEN_OF_OWN = "token-of-dora";
    static final String TOKEN_OF_OWN_VIEWER = "token-of-ben";
    static final String TOKEN_OF_FOREIGN = "token-of-emil";
    static final String TOKEN_OF_FOREIGN_VIEWER = "token-of-cleo";
    static final String TOKEN_OF_NO_ROLE = "token-of-fred";
    /** Of callers for all tenants who have only this one role. */
    static final Map<String, String> TOKENS_OF_ROLES = Map.of(
            "viewer", "token-of-cora",
            "operator", "token-of-gerd",
            "approver", "token-of-hans",
            "restorer", "token-of-ida");

    static final TenantId TENANT = TenantId.of("11111111-1111-4111-8111-111111111111");
    static final String ACCOUNT = "account";

    private static final String OTHER_TENANT = "22222222-2222-4222-8222-222222222222";

    private PostgresServer postgres;
    private KafkaBroker kafka;
    private S3Server s3;

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("exporter-parts");
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
        Path operators = Files.writeString(folder.resolve("operators.json"), operators());
        Path keys = folder.resolve("keys");
        TenantKeys made = TenantKeys.open(keys, true);
        made.keyEncryption(TENANT);
        SealedAddress address = made.directory(TENANT).seal("ann@example.org");
        Path credentials = folder.resolve("credentials");
        Path accounts = Files.createDirectories(credentials.resolve(TENANT.toString()));
        Files.writeString(accounts.resolve(ACCOUNT + ".json"), "{\"user\":\"user\",\"password\":\"password\"}");
        Map<String, String> configuration = new HashMap<>();
        configuration.putAll(kafka.environment());
        configuration.putAll(postgres.environment("exporter"));
        configuration.putAll(s3.environment());
        configuration.put("MAILFERRY_OPERATORS_FILE", operators.toString());
        configuration.put("MAILFERRY_KEYS_DIRECTORY", keys.toString());
        configuration.put("MAILFERRY_CREDENTIALS_DIRECTORY", credentials.toString());
        configuration.put("quarkus.http.test-port", "0");
        configuration.put("quarkus.management.test-port", "0");
        // A job that failed waits long enough to be looked at.
        configuration.put("mailferry.jobs.pause-first", "PT10M");
        configuration.put("mailferry.jobs.pause-max", "PT10M");
        configuration.put("mailferry.jobs.poll", "PT0.1S");
        configuration.put("mailferry.attempt.exchange.attempts-max", "1");
        configuration.put("test.address", address.value());
        return configuration;
    }

    private static String operators() {
        Set<String> every = Set.of("viewer", "operator", "approver", "restorer", "admin");
        List<String> entries = new ArrayList<>(List.of(
                operator(TOKEN_OF_OWN, every, TENANT.toString()),
                operator(TOKEN_OF_OWN_VIEWER, Set.of("viewer"), TENANT.toString()),
                operator(TOKEN_OF_FOREIGN, every, OTHER_TENANT),
                operator(TOKEN_OF_FOREIGN_VIEWER, Set.of("viewer"), OTHER_TENANT),
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
