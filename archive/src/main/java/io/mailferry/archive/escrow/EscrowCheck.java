package io.mailferry.archive.escrow;

/** What the form of an escrow says about it. */
public sealed interface EscrowCheck {
    /**
     * It has the algorithms and the key id that were asked for. Whether its ciphertext is sound shows only when it is
     * opened.
     */
    record Acceptable() implements EscrowCheck {}

    record Refused(Reason reason) implements EscrowCheck {}

    /** Why an escrow is not kept. */
    enum Reason {
        /** Over {@link Escrow#LENGTH_MAX} characters. */
        TOO_LONG,
        /** Not five base64url parts with a JSON header. */
        NOT_A_JWE,
        /** Not RSA-OAEP-256 with A256GCM. */
        OTHER_ALGORITHMS,
        /** Encrypted to another key than this tenant's. */
        OTHER_KEY,
        /** A part has not the length that its algorithm gives it: it would not open. */
        PARTS_OF_WRONG_LENGTH
    }
}
