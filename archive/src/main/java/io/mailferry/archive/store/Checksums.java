package io.mailferry.archive.store;

import io.mailferry.archive.part.Sha256;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/**
 * By what a server compares what it was sent, and we what it has: MD5, which every server knows, and SHA-256, which those
 * that know it send back, so that nothing hangs on what an ETag means. Both in lower-case hex.
 */
public record Checksums(String md5, String sha256) {
    static final String SHA256_HEADER = "x-amz-checksum-sha256";

    static Checksums of(byte[] bytes) {
        try {
            return new Checksums(
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes)), Sha256.hex(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Map<String, String> headers() {
        return Map.of("Content-MD5", base64(md5), SHA256_HEADER, base64(sha256));
    }

    Map<String, String> headersIfAbsent() {
        return Map.of("Content-MD5", base64(md5), SHA256_HEADER, base64(sha256), "If-None-Match", "*");
    }

    boolean sameSha256(String base64) {
        return base64(sha256).equals(base64);
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
