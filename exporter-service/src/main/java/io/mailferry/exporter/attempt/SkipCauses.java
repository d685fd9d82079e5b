package io.mailferry.exporter.attempt;

import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.exchange.failure.ExchangeFailure;

/** Why an item is skipped, as the archive and the reports say it. */
final class SkipCauses {
    private SkipCauses() {}

    static SkipCause of(ExchangeFailure failure) {
        return switch (failure.code()) {
            case "ErrorItemCorrupt", "ErrorCorruptData" -> SkipCause.ITEM_CORRUPT;
            case "ErrorContentConversionFailed",
                    "ErrorMimeContentConversionFailed",
                    "ErrorMimeContentInvalid",
                    "ErrorUnsupportedMimeConversion",
                    "ErrorPropertyRequestFailed" -> SkipCause.CONVERSION_FAILED;
            case "ErrorMessageSizeExceeded", "ErrorDataSizeLimitExceeded", "AnswerTooLarge" -> SkipCause.SIZE_EXCEEDED;
            case "ErrorAccessDenied" -> SkipCause.ACCESS_DENIED;
            // Words of exchange-client for answers that broke off or could not be read.
            case "BrokenBase64",
                    "UnreadableXml",
                    "ForbiddenXml",
                    "IncompleteItem",
                    "MissingInAnswer",
                    "ConnectionReset",
                    "ReadTimeout",
                    "NotSoap" -> SkipCause.ANSWER_UNREADABLE;
            default -> SkipCause.UNKNOWN_CODE;
        };
    }

    /** The cause that the archive holds as a word; one of a later version counts as unknown. */
    static SkipCause of(String word) {
        for (SkipCause cause : SkipCause.values()) {
            if (cause.name().equals(word)) {
                return cause;
            }
        }
        return SkipCause.UNKNOWN_CODE;
    }
}
