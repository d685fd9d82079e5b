package io.mailferry.exchange.answer;

import io.mailferry.exchange.failure.ExchangeException;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import java.io.InputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Walks an answer from element to element. Names are local names: servers disagree about prefixes. What a caller does
 * not ask for is passed over, so unknown elements cost nothing.
 *
 * <p>The pattern: {@code int depth = reader.depth(); while (reader.nextChild(depth)) { switch (reader.name()) … } }.
 */
public final class AnswerReader {

    private static final XMLInputFactory FACTORY = factory();
    private static final int DEPTH_MAX = 200;

    private final XMLStreamReader xml;
    private int depth;

    public AnswerReader(InputStream answer) {
        try {
            this.xml = FACTORY.createXMLStreamReader(new CleanReader(answer));
        } catch (XMLStreamException e) {
            throw unreadable();
        }
    }

    /** The JDK's own reader, whatever else lies on the class path: its limits and switches are what is tested. */
    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty(XMLInputFactory.IS_VALIDATING, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("external entities are never resolved");
        });
        return factory;
    }

    /** The depth of the element at which the reader stands; 0 before the root. */
    public int depth() {
        return depth;
    }

    /** The local name of the element at which the reader stands. */
    public String name() {
        return xml.getLocalName();
    }

    public @Nullable String attribute(String name) {
        return xml.getAttributeValue(null, name);
    }

    /** Moves to the next child of the element at that depth; false at its end. */
    public boolean nextChild(int parentDepth) {
        while (true) {
            int event = next();
            if (event == XMLStreamConstants.START_ELEMENT && depth == parentDepth + 1) {
                return true;
            }
            if (event == XMLStreamConstants.END_ELEMENT && depth < parentDepth) {
                return false;
            }
            if (event == XMLStreamConstants.END_DOCUMENT) {
                return false;
            }
        }
    }

    /** The text of the current element up to so many characters; the rest is dropped. Stands behind its end after. */
    public String text(int charactersMax) {
        StringBuilder text = new StringBuilder();
        eachText((characters, offset, length) ->
                text.append(characters, offset, Math.min(length, charactersMax - text.length())));
        return text.toString();
    }

    /** A short text: a code, a number, a flag. */
    public String word() {
        return text(256).strip();
    }

    /** Decodes the Base64 text of the current element into a sink, in constant memory. */
    public void base64(ByteSink sink) {
        Base64Text decoder = new Base64Text(sink);
        eachText(decoder::accept);
        decoder.finish();
    }

    /** Reads what is left, so that the connection can be used again. */
    public void drain() {
        while (depth > 0) {
            next();
        }
    }

    private void eachText(TextSink sink) {
        int own = depth;
        while (depth >= own) {
            int event = next();
            if (event == XMLStreamConstants.CHARACTERS
                    || event == XMLStreamConstants.CDATA
                    || event == XMLStreamConstants.SPACE) {
                sink.accept(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
            }
        }
    }

    private int next() {
        int event;
        try {
            if (!xml.hasNext()) {
                throw unreadable();
            }
            event = xml.next();
        } catch (XMLStreamException e) {
            throw unreadable();
        }
        if (event == XMLStreamConstants.START_ELEMENT) {
            depth++;
            if (depth > DEPTH_MAX) {
                throw unreadable();
            }
        } else if (event == XMLStreamConstants.END_ELEMENT) {
            depth--;
        } else if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
            throw new ExchangeException(FailureCategory.POISON, FailureReach.ITEM, "ForbiddenXml");
        }
        return event;
    }

    private static ExchangeException unreadable() {
        return new ExchangeException(FailureCategory.POISON, FailureReach.ITEM, "UnreadableXml");
    }

    /** Takes runs of decoded bytes; the array is used again after the call. */
    public interface ByteSink {
        void accept(byte[] bytes, int offset, int length);
    }

    /** Takes runs of characters; the array is used again after the call. */
    interface TextSink {
        void accept(char[] characters, int offset, int length);
    }
}
