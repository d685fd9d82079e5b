package io.mailferry.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.deploy.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page in {@code docs/} that is derived from the sources. */
final class Committed {
    private Committed() {}

    static void isUpToDate(String relative, String derived) throws IOException {
        Path file = Repository.path(relative);
        if (Boolean.parseBoolean(System.getenv("MAILFERRY_WRITE_DOCS"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, derived, StandardCharsets.UTF_8);
        }
        assertThat(file)
                .as("the page is out of date: run the tests with MAILFERRY_WRITE_DOCS=true and commit %s", relative)
                .content(StandardCharsets.UTF_8)
                .isEqualTo(derived);
    }

    /** The committed page with what lies between its two markers replaced. */
    static String withGenerated(String relative, String generated) {
        String page = Repository.text(relative);
        String begin = "<!-- generated from the sources: begin -->\n";
        String end = "<!-- generated from the sources: end -->\n";
        assertThat(page).contains(begin).contains(end);
        return page.substring(0, page.indexOf(begin) + begin.length()) + generated + page.substring(page.indexOf(end));
    }
}
