package io.mailferry.exchange.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResponseCodeTest {

    @ParameterizedTest
    @CsvSource({
        "ErrorServerBusy, THROTTLED, SERVER",
        "ErrorExceededConnectionCount, THROTTLED, SERVER",
        "ErrorTooManyObjectsOpened, THROTTLED, SERVER",
        "ErrorInternalServerTransientError, TRANSIENT, SERVER",
        "ErrorTimeoutExpired, TRANSIENT, ITEM",
        "ErrorBatchProcessingStopped, TRANSIENT, ITEM",
        "ErrorMailboxMoveInProgress, TRANSIENT, MAILBOX",
        "ErrorMailboxFailover, TRANSIENT, MAILBOX",
        "ErrorMailboxStoreUnavailable, TRANSIENT, MAILBOX",
        "ErrorADUnavailable, TRANSIENT, SERVER",
        "ErrorInsufficientResources, TRANSIENT, SERVER",
        "ErrorConnectionFailed, TRANSIENT, SERVER",
        "ErrorNotEnoughMemory, TRANSIENT, SERVER",
        "ErrorInvalidSyncStateData, PERMANENT, SYNC_STATE",
        "ErrorItemNotFound, PERMANENT, ITEM",
        "ErrorFolderNotFound, PERMANENT, FOLDER",
        "ErrorItemCorrupt, POISON, ITEM",
        "ErrorCorruptData, POISON, ITEM",
        "ErrorContentConversionFailed, POISON, ITEM",
        "ErrorMimeContentConversionFailed, POISON, ITEM",
        "ErrorMessageSizeExceeded, POISON, ITEM",
        "ErrorDataSizeLimitExceeded, POISON, ITEM",
        "ErrorImpersonateUserDenied, PERMANENT, MAILBOX",
        "ErrorImpersonationDenied, PERMANENT, MAILBOX",
        "ErrorNonExistentMailbox, PERMANENT, MAILBOX",
        "ErrorOfTomorrow, TRANSIENT, ITEM",
    })
    void reactsToEachCodeAsTheTableSays(String code, FailureCategory category, FailureReach reach) {
        assertThat(ExchangeFailure.ofResponseCode(code, null))
                .isEqualTo(new ExchangeFailure(category, reach, code, null, null));
    }

    @Test
    void neverKeepsTextThatIsNotACode() {
        assertThat(ExchangeFailure.ofResponseCode("The item 'Salary of Ann' is broken", null)
                        .code())
                .isEqualTo("UnreadableResponseCode");
    }
}
