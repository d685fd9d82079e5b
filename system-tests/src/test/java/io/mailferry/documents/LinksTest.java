package io.mailferry.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.deploy.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LinksTest {
    private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("^(https?:|mailto:|#).*");

    @Test
    void leadToFilesThatAreThere() {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Repository.text(page));
            while (link.find()) {
                String target = link.group(1);
                if (!ELSEWHERE.matcher(target).matches()
                        && !Files.exists(folder(page).resolve(target.split("#")[0]))) {
                    broken.add(Repository.ROOT.relativize(page) + " -> " + target);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void listEveryDecision() {
        String index = Repository.text("docs/decisions/README.md");

        assertThat(Repository.files(Repository.path("docs/decisions"), ".md"))
                .extracting(file -> file.getFileName().toString())
                .filteredOn(name -> !name.equals("README.md"))
                .isNotEmpty()
                .allMatch(name -> index.contains("(" + name + ")"));
    }

    private static List<Path> pages() {
        List<Path> pages = Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                .map(Repository::path)
                .toList();
        assertThat(pages).allMatch(Files::isRegularFile);
        List<Path> all = new ArrayList<>(pages);
        for (String folder : List.of("docs", "deploy/chart")) {
            all.addAll(Repository.files(Repository.path(folder), ".md"));
        }
        return all;
    }

    private static Path folder(Path page) {
        return Objects.requireNonNull(page.getParent(), "a page lies in a folder");
    }
}
