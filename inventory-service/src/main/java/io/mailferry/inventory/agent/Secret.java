package io.mailferry.inventory.agent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A token or credential of 256 random bits: guessing is hopeless, so an unsalted hash is enough to keep it by. Shown once
 * to whoever it is for, and never printed.
 */
record Secret(String text) {
    private static final int BYTES = 32;
    /** Longer input is no secret of ours and is not worth hashing. */
    private static final int LENGTH_MAX = 128;

    static Secret random(SecureRandom randomness) {
        byte[] bytes = new byte[BYTES];
        randomness.nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    boolean isPlausible() {
        return !text.isEmpty() && text.length() <= LENGTH_MAX;
    }

    String sha256() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Secret[…]";
    }
}
