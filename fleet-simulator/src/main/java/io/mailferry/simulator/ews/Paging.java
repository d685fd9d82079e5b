package io.mailferry.simulator.ews;

import java.util.Optional;
import org.w3c.dom.Element;

/**
 * The part of a list that an answer holds.
 *
 * @param offset of the first
 * @param end after the last
 * @param total length of the whole list
 */
record Paging(int offset, int end, int total) {
    /** The throttling policy's FindCountLimit. */
    private static final int PAGE_MAX = 1000;

    static Paging of(Element operation, String viewName, int total) throws EwsException {
        Optional<Element> view = SoapRequest.child(operation, viewName);
        if (view.isEmpty()) {
            return new Paging(0, Math.min(PAGE_MAX, total), total);
        }
        try {
            String max = view.get().getAttribute("MaxEntriesReturned");
            int wanted = max.isEmpty() ? PAGE_MAX : Integer.parseInt(max);
            int offset = Integer.parseInt(view.get().getAttribute("Offset"));
            if (wanted <= 0 || offset < 0) {
                throw new EwsException("ErrorInvalidPagingMaxRows", "The paging parameters are invalid.");
            }
            int from = Math.min(offset, total);
            return new Paging(from, (int) Math.min((long) from + Math.min(wanted, PAGE_MAX), total), total);
        } catch (NumberFormatException e) {
            throw new EwsException("ErrorSchemaValidation", "The request failed schema validation: paging.");
        }
    }

    String[] attributes() {
        return new String[] {
            "IndexedPagingOffset", Integer.toString(end),
            "TotalItemsInView", Integer.toString(total),
            "IncludesLastItemInRange", Boolean.toString(end == total)
        };
    }
}
