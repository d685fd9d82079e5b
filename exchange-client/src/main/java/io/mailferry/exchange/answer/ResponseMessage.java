package io.mailferry.exchange.answer;

import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One response message of an answer, or a SOAP fault: its code as sent, its back-off, and what else it holds. */
public final class ResponseMessage {

    private ResponseMessage() {}

    /**
     * Reads the response message at which the reader stands.
     *
     * @param payload called at each element that is not part of the frame; only in successful messages
     * @return the failure that the message says, or null for success
     */
    public static @Nullable ExchangeFailure read(AnswerReader reader, Consumer<String> payload) {
        boolean refused = "Error".equals(reader.attribute("ResponseClass"));
        int depth = reader.depth();
        String code = "";
        Duration backOff = null;
        while (reader.nextChild(depth)) {
            switch (reader.name()) {
                case "ResponseCode" -> code = reader.word();
                case "MessageXml" -> backOff = backOff(reader);
                case "MessageText", "DescriptiveLinkKey" -> {}
                default -> {
                    if (!refused) {
                        payload.accept(reader.name());
                    }
                }
            }
        }
        // A Warning with a code (ErrorBatchProcessingStopped) carries nothing either.
        if (refused || (!code.isEmpty() && !code.equals("NoError"))) {
            return ExchangeFailure.ofResponseCode(code.isEmpty() ? "MissingResponseCode" : code, backOff);
        }
        return null;
    }

    /** Reads a SOAP fault; some servers put the bare code into faultcode and send no detail. */
    public static ExchangeFailure readFault(AnswerReader reader) {
        int depth = reader.depth();
        String faultCode = "";
        String code = "";
        Duration backOff = null;
        while (reader.nextChild(depth)) {
            switch (reader.name()) {
                case "faultcode" -> faultCode = reader.word();
                case "detail" -> {
                    int detail = reader.depth();
                    while (reader.nextChild(detail)) {
                        switch (reader.name()) {
                            case "ResponseCode" -> code = reader.word();
                            case "MessageXml" -> backOff = backOff(reader);
                            default -> {}
                        }
                    }
                }
                default -> {}
            }
        }
        String bare = faultCode.substring(faultCode.lastIndexOf(':') + 1);
        if (code.isEmpty() && bare.startsWith("Error")) {
            code = bare;
        }
        return code.isEmpty()
                ? ExchangeFailure.of(FailureCategory.TRANSIENT, FailureReach.SERVER, "SoapFault")
                : ExchangeFailure.ofResponseCode(code, backOff);
    }

    private static @Nullable Duration backOff(AnswerReader reader) {
        int depth = reader.depth();
        Duration backOff = null;
        while (reader.nextChild(depth)) {
            if (reader.name().equals("Value") && "BackOffMilliseconds".equals(reader.attribute("Name"))) {
                String millis = reader.word();
                if (millis.matches("[0-9]{1,12}")) {
                    backOff = Duration.ofMillis(Long.parseLong(millis));
                }
            }
        }
        return backOff;
    }
}
