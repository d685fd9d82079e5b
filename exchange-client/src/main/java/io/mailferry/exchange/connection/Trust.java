package io.mailferry.exchange.connection;

import java.util.Locale;

/** How a server's certificate is judged. */
public sealed interface Trust {

    /** By the authorities of the Java runtime, and the host name. */
    record System() implements Trust {}

    /** By the given authorities only (PEM, one or several certificates), and the host name. */
    record Authority(String pem) implements Trust {}

    /** Exactly one certificate: its SHA-256 over DER, in hex. Host name and dates are not looked at. */
    record Pinned(String sha256) implements Trust {
        public Pinned {
            sha256 = sha256.replace(":", "").toLowerCase(Locale.ROOT);
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("a pin is a SHA-256 in hex: 64 digits");
            }
        }
    }
}
