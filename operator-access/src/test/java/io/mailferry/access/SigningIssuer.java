package io.mailferry.access;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A provider that publishes its keys, signs what it is told to and can be away. Away at first. */
public final class SigningIssuer implements QuarkusTestResourceLifecycleManager {
    static final ObjectMapper MAPPER = new ObjectMapper();
    /** Where {@link #KEY} is told of. */
    static final String KEY_ID = "key-1";

    static final KeyPair KEY = newKey();
    static final AtomicInteger KEYS_ASKED = new AtomicInteger();
    private static int port;
    private static @Nullable HttpServer server;

    @Override
    public Map<String, String> start() {
        back();
        away();
        return Map.of("mailferry.operators.oidc.url", url(), "mailferry.operators.oidc.clock-skew", "PT0S");
    }

    @Override
    public void stop() {
        away();
    }

    static String url() {
        return "http://127.0.0.1:" + port + "/realms/sample";
    }

    static void back() {
        if (server != null) {
            return;
        }
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            port = made.getAddress().getPort();
            answer(
                    made,
                    "/.well-known/openid-configuration",
                    () -> MAPPER.createObjectNode()
                            .put("issuer", url())
                            .put("jwks_uri", url() + "/keys")
                            .put("token_endpoint", url() + "/token")
                            .put("introspection_endpoint", url() + "/introspect"));
            answer(made, "/keys", SigningIssuer::keys);
            made.start();
            server = made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void away() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    private static void answer(HttpServer server, String path, Supplier<ObjectNode> body) {
        server.createContext("/realms/sample" + path, exchange -> {
            byte[] bytes = MAPPER.writeValueAsBytes(body.get());
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private static ObjectNode keys() {
        KEYS_ASKED.incrementAndGet();
        RSAPublicKey key = (RSAPublicKey) KEY.getPublic();
        ObjectNode keys = MAPPER.createObjectNode();
        keys.putArray("keys")
                .addObject()
                .put("kty", "RSA")
                .put("alg", "RS256")
                .put("use", "sig")
                .put("kid", KEY_ID)
                .put("n", text(key.getModulus()))
                .put("e", text(key.getPublicExponent()));
        return keys;
    }

    /** A good token for an hour, before the change. */
    static String token(Consumer<ObjectNode> change) {
        return signed(header("RS256"), claims(change), KEY);
    }

    static ObjectNode header(String algorithm) {
        return MAPPER.createObjectNode().put("typ", "JWT").put("alg", algorithm).put("kid", KEY_ID);
    }

    static ObjectNode claims(Consumer<ObjectNode> change) {
        long now = Instant.now().getEpochSecond();
        ObjectNode claims = MAPPER.createObjectNode()
                .put("iss", url())
                .put("aud", "mailferry")
                .put("sub", "person-1")
                .put("iat", now)
                .put("exp", now + 3600);
        claims.putObject("resource_access")
                .putObject("mailferry")
                .putArray("roles")
                .add("viewer");
        change.accept(claims);
        return claims;
    }

    static String signed(ObjectNode header, ObjectNode claims, KeyPair key) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.getPrivate());
            signature.update(unsigned(header, claims).getBytes(StandardCharsets.US_ASCII));
            return unsigned(header, claims) + '.' + text(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String unsigned(ObjectNode header, ObjectNode claims) {
        return text(header.toString().getBytes(StandardCharsets.UTF_8))
                + '.'
                + text(claims.toString().getBytes(StandardCharsets.UTF_8));
    }

    static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String text(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int skipped = bytes[0] == 0 ? 1 : 0;
        return text(Arrays.copyOfRange(bytes, skipped, bytes.length));
    }
}
