package io.mailferry.contracts.exchange;

/** Why an item could not be read. Every skipped item bears one, is listed in restore points and tried again. */
public enum SkipCause {
    /** The server says that the item is corrupt (ErrorItemCorrupt, ErrorCorruptData). */
    ITEM_CORRUPT,
    /** The server cannot render the item (ErrorContentConversionFailed, ErrorMimeContentConversionFailed). */
    CONVERSION_FAILED,
    /** The item is over a size the server answers with (ErrorMessageSizeExceeded, ErrorDataSizeLimitExceeded). */
    SIZE_EXCEEDED,
    /** The server's answer for this item cannot be read: characters that are no XML, broken base64, wrong length. */
    ANSWER_UNREADABLE,
    /** The account may not read this item. */
    ACCESS_DENIED,
    /** The server answered a code for this item that is neither transient nor known. */
    UNKNOWN_CODE
}
