package io.mailferry.exporter.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.exchange.failure.ExchangeFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SkipCausesTest {

    @ParameterizedTest
    @CsvSource({
        "ErrorItemCorrupt, ITEM_CORRUPT",
        "ErrorCorruptData, ITEM_CORRUPT",
        "ErrorContentConversionFailed, CONVERSION_FAILED",
        "ErrorMimeContentConversionFailed, CONVERSION_FAILED",
        "ErrorMessageSizeExceeded, SIZE_EXCEEDED",
        "ErrorDataSizeLimitExceeded, SIZE_EXCEEDED",
        "ErrorAccessDenied, ACCESS_DENIED",
        "BrokenBase64, ANSWER_UNREADABLE",
        "UnreadableXml, ANSWER_UNREADABLE",
        "ConnectionReset, ANSWER_UNREADABLE",
        "ErrorOfTomorrow, UNKNOWN_CODE",
    })
    void namesTheCauseOfEachCode(String code, SkipCause cause) {
        assertThat(SkipCauses.of(ExchangeFailure.ofResponseCode(code, null))).isEqualTo(cause);
    }

    @Test
    void readsEveryCauseBackFromItsWord() {
        for (SkipCause cause : SkipCause.values()) {
            assertThat(SkipCauses.of(cause.name())).isEqualTo(cause);
        }
        assertThat(SkipCauses.of("CAUSE_OF_TOMORROW")).isEqualTo(SkipCause.UNKNOWN_CODE);
    }
}
