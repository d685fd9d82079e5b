package io.mailferry.documents;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class EventsPageTest {
    private static final String FILE = "docs/events.md";

    @Test
    void describesEveryEventOfTheContracts() throws IOException {
        Committed.isUpToDate(FILE, Committed.withGenerated(FILE, new EventsPage().text()));
    }
}
