package io.mailferry.simulator.ews;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * A SOAP request taken apart.
 *
 * @param operation the body's element, for example GetItem
 * @param impersonated the mailbox that the header names, lower-cased, or null
 */
record SoapRequest(Element operation, @Nullable String impersonated) {
    private static final DocumentBuilderFactory FACTORY = factory();

    String name() {
        return operation.getLocalName();
    }

    static SoapRequest parse(byte[] body) throws EwsException {
        Document document;
        try {
            DocumentBuilder builder = FACTORY.newDocumentBuilder();
            builder.setErrorHandler(null);
            document = builder.parse(new ByteArrayInputStream(body));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new EwsException("ErrorSchemaValidation", "The request failed schema validation.");
        }
        Element envelope = document.getDocumentElement();
        Element operation = child(envelope, "Body")
                .flatMap(soapBody -> children(soapBody).stream().findFirst())
                .orElseThrow(() -> new EwsException("ErrorInvalidRequest", "The request has no body."));
        String address = child(envelope, "Header")
                .flatMap(header -> child(header, "ExchangeImpersonation"))
                .flatMap(impersonation -> child(impersonation, "ConnectingSID"))
                .flatMap(sid -> children(sid).stream().findFirst())
                .map(name -> name.getTextContent().trim().toLowerCase(Locale.ROOT))
                .orElse(null);
        return new SoapRequest(operation, address);
    }

    private static DocumentBuilderFactory factory() {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        try {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
        return factory;
    }

    static List<Element> children(Element parent) {
        List<Element> elements = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    static Optional<Element> child(Element parent, String localName) {
        return children(parent).stream()
                .filter(element -> localName.equals(element.getLocalName()))
                .findFirst();
    }

    static Optional<String> text(Element parent, String localName) {
        return child(parent, localName).map(element -> element.getTextContent().trim());
    }
}
