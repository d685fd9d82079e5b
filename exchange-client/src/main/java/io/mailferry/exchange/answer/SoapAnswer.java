package io.mailferry.exchange.answer;

import io.mailferry.exchange.failure.ExchangeException;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.Function;

/** The envelope of an answer: notes the server's version, turns a fault into a failure, hands the body on. */
public final class SoapAnswer {

    private SoapAnswer() {}

    /**
     * @param body reads the operation's answer; the reader stands at its element
     * @param version told the server's version whenever the answer bears one
     * @throws ExchangeException for faults, for what is not SOAP, and whatever the body's reader throws
     */
    public static <T> T read(InputStream answer, Function<AnswerReader, T> body, Consumer<ServerVersion> version) {
        AnswerReader reader = new AnswerReader(answer);
        if (!atEnvelope(reader)) {
            throw notSoap();
        }
        while (reader.nextChild(1)) {
            if (reader.name().equals("Header")) {
                readHeader(reader, version);
            } else if (reader.name().equals("Body")) {
                int depth = reader.depth();
                while (reader.nextChild(depth)) {
                    if (reader.name().equals("Fault")) {
                        throw new ExchangeException(ResponseMessage.readFault(reader));
                    }
                    T result = body.apply(reader);
                    reader.drain();
                    return result;
                }
            }
        }
        throw notSoap();
    }

    /** A login page or a proxy's error is not damage of an item, and may be gone in a minute. */
    private static boolean atEnvelope(AnswerReader reader) {
        try {
            return reader.nextChild(0) && reader.name().equals("Envelope");
        } catch (ExchangeException e) {
            if (e.failure().code().equals("UnreadableXml")) {
                return false;
            }
            throw e;
        }
    }

    private static void readHeader(AnswerReader reader, Consumer<ServerVersion> version) {
        int depth = reader.depth();
        while (reader.nextChild(depth)) {
            if (reader.name().equals("ServerVersionInfo")) {
                ServerVersion found = ServerVersion.read(reader);
                if (found != null) {
                    version.accept(found);
                }
            }
        }
    }

    private static ExchangeException notSoap() {
        return new ExchangeException(FailureCategory.TRANSIENT, FailureReach.SERVER, "NotSoap");
    }
}
