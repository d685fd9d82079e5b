package io.mailferry.contracts.exchange;

/** Whose TLS certificates are believed. */
public sealed interface Trust {
    /** The authorities of the Java runtime. */
    record SystemAuthorities() implements Trust {}

    /** Only the authorities in this PEM text. */
    record Authority(String pem) implements Trust {}

    /** Only the one certificate with this SHA-256, 64 lower-case hexadecimal digits. */
    record Pinned(String sha256) implements Trust {
        public Pinned {
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("a pin is 64 lower-case hexadecimal digits");
            }
        }
    }
}
