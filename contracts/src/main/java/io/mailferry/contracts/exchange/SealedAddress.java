package io.mailferry.contracts.exchange;

/**
 * A mail address, lower-cased and sealed deterministically by its tenant's directory key (AES-SIV, base64url without
 * padding). Equal addresses of one tenant have equal sealed forms, so that services can match mailboxes without being
 * able to read whose they are.
 */
public record SealedAddress(String value) {
    private static final int LENGTH_MAX = 1_024;

    public SealedAddress {
        if (value.isEmpty() || value.length() > LENGTH_MAX || value.indexOf('@') >= 0) {
            throw new IllegalArgumentException("not a sealed address");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
