package io.mailferry.exchange.failure;

import static io.mailferry.exchange.failure.FailureCategory.PERMANENT;
import static io.mailferry.exchange.failure.FailureCategory.POISON;
import static io.mailferry.exchange.failure.FailureCategory.THROTTLED;
import static io.mailferry.exchange.failure.FailureCategory.TRANSIENT;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of EWS response codes. Not an enum of all of them: the documented list has holes and servers add
 * their own, so a code is text and this table only says how to react to it.
 */
record ResponseCode(FailureCategory category, FailureReach reach) {

    private static final ResponseCode UNKNOWN = new ResponseCode(TRANSIENT, FailureReach.ITEM);
    private static final Map<String, ResponseCode> TABLE = table();

    static ResponseCode of(String code) {
        return TABLE.getOrDefault(code, UNKNOWN);
    }

    private static Map<String, ResponseCode> table() {
        Map<String, ResponseCode> table = new HashMap<>();
        put(
                table,
                new ResponseCode(THROTTLED, FailureReach.SERVER),
                List.of("ErrorServerBusy", "ErrorExceededConnectionCount", "ErrorTooManyObjectsOpened"));
        put(
                table,
                new ResponseCode(TRANSIENT, FailureReach.SERVER),
                List.of(
                        "ErrorInternalServerTransientError",
                        "ErrorInternalServerError",
                        "ErrorADUnavailable",
                        "ErrorADOperation",
                        "ErrorInsufficientResources",
                        "ErrorConnectionFailed",
                        "ErrorNotEnoughMemory"));
        put(
                table,
                new ResponseCode(TRANSIENT, FailureReach.MAILBOX),
                List.of(
                        "ErrorMailboxMoveInProgress",
                        "ErrorMailboxFailover",
                        "ErrorMailboxStoreUnavailable",
                        "ErrorConnectionFailedTransientError",
                        "ErrorCrossSiteRequest"));
        put(
                table,
                new ResponseCode(TRANSIENT, FailureReach.ITEM),
                List.of("ErrorTimeoutExpired", "ErrorBatchProcessingStopped"));
        put(table, new ResponseCode(PERMANENT, FailureReach.SYNC_STATE), List.of("ErrorInvalidSyncStateData"));
        put(
                table,
                new ResponseCode(PERMANENT, FailureReach.ITEM),
                List.of("ErrorItemNotFound", "ErrorInvalidIdMalformed"));
        put(
                table,
                new ResponseCode(PERMANENT, FailureReach.FOLDER),
                List.of(
                        "ErrorFolderNotFound",
                        "ErrorAccessDenied",
                        "ErrorInvalidFolderTypeForOperation",
                        "ErrorSyncFolderNotFound"));
        put(
                table,
                new ResponseCode(POISON, FailureReach.ITEM),
                List.of(
                        "ErrorItemCorrupt",
                        "ErrorCorruptData",
                        "ErrorContentConversionFailed",
                        "ErrorMimeContentConversionFailed",
                        "ErrorMimeContentInvalid",
                        "ErrorMessageSizeExceeded",
                        "ErrorDataSizeLimitExceeded",
                        "ErrorUnsupportedMimeConversion",
                        "ErrorPropertyRequestFailed"));
        put(
                table,
                new ResponseCode(PERMANENT, FailureReach.MAILBOX),
                List.of(
                        "ErrorImpersonateUserDenied",
                        "ErrorImpersonationDenied",
                        "ErrorImpersonationFailed",
                        "ErrorNonExistentMailbox",
                        "ErrorMissingEmailAddress",
                        "ErrorInvalidSmtpAddress",
                        "ErrorAccountDisabled",
                        "ErrorPasswordExpired",
                        "ErrorNoRespondingCASInDestinationSite"));
        put(
                table,
                new ResponseCode(PERMANENT, FailureReach.SERVER),
                List.of("ErrorInvalidServerVersion", "ErrorSchemaValidation", "ErrorInvalidRequest"));
        return Map.copyOf(table);
    }

    private static void put(Map<String, ResponseCode> table, ResponseCode reaction, List<String> codes) {
        for (String code : codes) {
            if (table.put(code, reaction) != null) {
                throw new IllegalStateException("a response code stands twice in the table");
            }
        }
    }
}
