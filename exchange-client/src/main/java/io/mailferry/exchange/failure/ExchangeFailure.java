package io.mailferry.exchange.failure;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A failure as a value.
 *
 * @param category picks the reaction
 * @param reach what is concerned
 * @param code the raw response code of Exchange (also one that no list knows), or a word of ours such as {@code
 *     HttpStatus503}, {@code ConnectionReset}, {@code BrokenBase64}; letters, digits and underscores only
 * @param backOff how long the server asked to be left alone, as it said it: whoever waits bounds it; null when it did not
 *     say
 * @param fingerprint SHA-256 (hex) of the certificate that was refused; null unless TLS was refused
 */
public record ExchangeFailure(
        FailureCategory category,
        FailureReach reach,
        String code,
        @Nullable Duration backOff,
        @Nullable String fingerprint) {

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_]{1,80}");

    public ExchangeFailure {
        // A code comes from the server: whatever is not shaped like a code may be content.
        if (!CODE.matcher(code).matches()) {
            code = "UnreadableResponseCode";
        }
        if (backOff != null && backOff.isNegative()) {
            backOff = Duration.ZERO;
        }
    }

    /** The failure for a response code of EWS; an unknown code is transient and kept as it is. */
    public static ExchangeFailure ofResponseCode(String code, @Nullable Duration backOff) {
        ResponseCode known = ResponseCode.of(code);
        return new ExchangeFailure(known.category(), known.reach(), code, backOff, null);
    }

    public static ExchangeFailure of(FailureCategory category, FailureReach reach, String code) {
        return new ExchangeFailure(category, reach, code, null, null);
    }

    /** The same cause once its repetitions are used up for one item: that item is skipped with it. */
    public ExchangeFailure poisoned() {
        return category == FailureCategory.PERMANENT
                ? this
                : new ExchangeFailure(FailureCategory.POISON, FailureReach.ITEM, code, backOff, fingerprint);
    }

    /** True for what passes by itself or after a pause. */
    public boolean repeatable() {
        return category == FailureCategory.TRANSIENT || category == FailureCategory.THROTTLED;
    }

    /** True when the item or folder is simply no longer there. */
    public boolean gone() {
        return code.equals("ErrorItemNotFound") || code.equals("ErrorFolderNotFound");
    }
}
