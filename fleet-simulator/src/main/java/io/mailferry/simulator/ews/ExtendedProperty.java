package io.mailferry.simulator.ews;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * A MAPI property as a request names it.
 *
 * @param tag for example 0x0E07, or -1 for a named property
 * @param type for example Integer
 * @param attributes as sent, to be repeated in the answer
 */
record ExtendedProperty(int tag, String type, String[] attributes) {
    private static final String[] NAMES = {
        "DistinguishedPropertySetId", "PropertySetId", "PropertyTag", "PropertyName", "PropertyId", "PropertyType"
    };

    static ExtendedProperty of(Element element) throws EwsException {
        int tag = -1;
        String given = element.getAttribute("PropertyTag");
        try {
            if (!given.isEmpty()) {
                tag = Integer.decode(given);
            }
        } catch (NumberFormatException e) {
            throw new EwsException("ErrorInvalidExtendedProperty", "The property tag is not a number.");
        }
        java.util.List<String> pairs = new java.util.ArrayList<>();
        for (String name : NAMES) {
            if (element.hasAttribute(name)) {
                pairs.add(name);
                // Exchange answers tags in its own spelling, whatever the request's was.
                pairs.add(name.equals("PropertyTag") ? "0x" + Integer.toHexString(tag) : element.getAttribute(name));
            }
        }
        return new ExtendedProperty(tag, element.getAttribute("PropertyType"), pairs.toArray(String[]::new));
    }

    void write(XmlOut out, @Nullable String value) throws IOException {
        if (value != null) {
            out.open("t:ExtendedProperty").empty("t:ExtendedFieldURI", attributes);
            out.element("t:Value", value).close("t:ExtendedProperty");
        }
    }
}
