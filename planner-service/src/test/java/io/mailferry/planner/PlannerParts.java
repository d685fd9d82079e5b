package io.mailferry.planner;

import io.mailferry.stack.KafkaBroker;
import io.mailferry.stack.PostgresServer;
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

/** A real Kafka and a real PostgreSQL for the service under test, and two operators: one of all tenants, one of one. */
public final class PlannerParts implements QuarkusTestResourceLifecycleManager {
    static final String TOKEN_OF_ALL = "token-of-ada";
    static final String TOKEN_OF_ONE = "token-of-ben";
    static final String TOKEN_OF_OWN = "token-of-dora";
    static final String TOKEN_OF_FOREIGN = "token-of-emil";
    static final String TOKEN_OF_NO_ROLE = "token-of-fred";
    /** Of callers for all tenants who have only this one role. */
    static final Map<String, String> TOKENS_OF_ROLES = Map.of(
            "viewer", "token-of-cora",
            "operator", "token-of-gerd",
            "approver", "token-of-hans",
            "restorer", "token-of-ida");

    static final String TENANT_OF_ONE = "11111111-1111-4111-8111-111111111111";

    private PostgresServer postgres;
    private KafkaBroker kafka;

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("planner-parts");
            postgres = PostgresServer.start(folder.resolve("postgres"));
            kafka = KafkaBroker.start(folder.resolve("kafka"));
            Path operators = folder.resolve("operators.json");
            Files.writeString(operators, operators());
            return configuration(operators);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (kafka != null) {
            kafka.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    private Map<String, String> configuration(Path operators) {
        Map<String, String> configuration = new HashMap<>();
        configuration.putAll(kafka.environment());
        configuration.putAll(postgres.environment("planner"));
        configuration.put("MAILFERRY_OPERATORS_FILE", operators.toString());
        configuration.put("quarkus.http.test-port", "0");
        configuration.put("quarkus.management.test-port", "0");
        configuration.put("mailferry.planner.plans.pause-first", "PT0.1S");
        configuration.put("mailferry.planner.plans.sweep-every", "1s");
        configuration.put("mailferry.planner.metrics.every", "1s");
        configuration.put("test.superuser", postgres.superuser().user());
        configuration.put("test.superuser-password", postgres.superuser().password());
        return configuration;
    }

    private static String operators() {
        Set<String> every = Set.of("admin", "approver", "restorer");
        List<String> entries = new ArrayList<>(List.of(
                operator(TOKEN_OF_ALL, Set.of("admin"), "*"),
                operator(TOKEN_OF_ONE, Set.of("operator"), TENANT_OF_ONE),
                operator(TOKEN_OF_OWN, every, "*"),
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
