package io.mailferry.inventory;

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
import java.util.stream.Collectors;

/** Kafka, PostgreSQL and S3 for all tests of this module, started once. */
public final class RealParts implements QuarkusTestResourceLifecycleManager {
    static final String ADMIN = "token-of-the-admin";
    static final String VIEWER = "token-of-the-viewer";
    static final String OUTSIDER = "token-of-an-operator-of-another-tenant";
    static final String OF_ALL_ROLES = "token-of-one-with-all-roles";
    static final String OF_NO_ROLE = "token-of-one-without-a-role";
    /** For each role, one who has only that. */
    static final Map<String, String> OF_ROLES = Map.of(
            "admin", ADMIN,
            "viewer", VIEWER,
            "operator", "token-of-the-operator",
            "approver", "token-of-the-approver",
            "restorer", "token-of-the-restorer");

    /** What the gateway's HTTPS port shows. */
    static final TestedCertificate GATEWAY = TestedCertificate.make();

    private static KafkaBroker kafka;
    private static PostgresServer postgres;
    private static S3Server s3;
    private static Path folder;

    @Override
    public Map<String, String> start() {
        Thread current = Thread.currentThread();
        ClassLoader given = current.getContextClassLoader();
        // Kafka's clients look up their own classes through the thread's loader, which in this phase is another one.
        current.setContextClassLoader(KafkaBroker.class.getClassLoader());
        try {
            folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "real-parts-");
            kafka = KafkaBroker.start(folder.resolve("kafka"));
            postgres = PostgresServer.start(folder.resolve("postgres"));
            s3 = S3Server.start(folder.resolve("s3"));
            Map<String, String> settings = new HashMap<>();
            settings.putAll(kafka.environment());
            settings.putAll(postgres.environment("inventory"));
            settings.putAll(s3.environment());
            settings.put("MAILFERRY_KEYS_DIRECTORY", folder.resolve("keys").toString());
            settings.put("MAILFERRY_KEYS_CREATE_MISSING", "true");
            settings.put("MAILFERRY_CREDENTIALS_DIRECTORY", credentials().toString());
            settings.put("MAILFERRY_OPERATORS_FILE", operators().toString());
            settings.put("MAILFERRY_TLS_CERTIFICATE", pem("gateway.pem", GATEWAY.certificatePem()));
            settings.put("MAILFERRY_TLS_KEY", pem("gateway.key", GATEWAY.keyPem()));
            settings.put("MAILFERRY_CLIENT_CERTIFICATES", "true");
            // What tests wait for, a little sooner than an operator would want it.
            settings.put("mailferry.commands.sweep-every", "1s");
            settings.put("mailferry.gateway.publish-within", "PT2S");
            settings.put("mailferry.agents.sweep-every", "1s");
            // The agents of tests that are over are no fleet that goes missing.
            settings.put("mailferry.agents.all-missing-min", "1000000");
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            current.setContextClassLoader(given);
        }
    }

    private static String pem(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static Path operators() throws IOException {
        List<String> all = new ArrayList<>();
        OF_ROLES.forEach((role, token) -> all.add(operator(role, token, "\"" + role + "\"", "*")));
        String everyRole =
                OF_ROLES.keySet().stream().map(role -> "\"" + role + "\"").collect(Collectors.joining(","));
        all.add(operator("all", OF_ALL_ROLES, everyRole, "*"));
        all.add(operator("none", OF_NO_ROLE, "", "*"));
        all.add(operator("outsider", OUTSIDER, everyRole, "7c1f8a52-0c5e-4b5f-9d0e-6f4d1c2b3a49"));
        return Files.writeString(folder.resolve("operators.json"), all.toString());
    }

    private static String operator(String name, String token, String roles, String tenant) {
        return "{\"name\":\"" + name + "\",\"tokenSha256\":\"" + sha256(token) + "\",\"roles\":[" + roles
                + "],\"tenants\":[\"" + tenant + "\"]}";
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static KafkaBroker kafka() {
        return kafka;
    }

    static PostgresServer postgres() {
        return postgres;
    }

    static S3Server s3() {
        return s3;
    }

    static Path credentials() {
        return folder.resolve("credentials");
    }

    static Path keys() {
        return folder.resolve("keys");
    }

    @Override
    public void stop() {
        if (s3 != null) {
            s3.close();
        }
        if (postgres != null) {
            postgres.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }
}
