package io.mailferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ExplanationTest {
    /** What exporter-service tells as a cause of its own: a word behind a category, or one that a waiting ends with. */
    private static final Pattern CAUSE = Pattern.compile(
            "(?:FailureCategory\\.[A-Z]+,|AttemptFailure\\.\\w+\\([^\";]*?|failed\\([^\";]*?)\\s*\"([A-Z][A-Za-z]+)\"|\"(UploaderSilent\\w*)\"");

    @Test
    void knowsARemedyForEachCauseThatTheExporterTells() throws IOException {
        Set<String> causes = causes();

        assertThat(causes)
                .contains("KafkaUnavailable", "SyncStateRefused", "UploaderSilentAtEnd", "CredentialsMissing");
        assertThat(causes)
                .allSatisfy(cause -> assertThat(Explanation.of(cause).remedy())
                        .as("remedy for " + cause)
                        .isNotEmpty());
    }

    @Test
    void looksIntoCausesThatNameAnother() {
        assertThat(Explanation.of("RefusedTooOften_DIGEST_MISMATCH").what()).contains("uploader-service");
        assertThat(Explanation.of("Store_SlowDown").what()).contains("left alone");
        assertThat(Explanation.of("Store_Status403").remedy()).contains("access key");
        assertThat(Explanation.of("Store_NoSuchBucket").remedy()).contains("bucket");
        assertThat(Explanation.of("STORE_UNAVAILABLE")).isEqualTo(Explanation.of("Store_Connection"));
    }

    private static Set<String> causes() throws IOException {
        Set<String> causes = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("../exporter-service/src/main/java"))) {
            sources.filter(source -> source.toString().endsWith(".java"))
                    .map(ExplanationTest::read)
                    .map(CAUSE::matcher)
                    .forEach(found -> addAll(causes, found));
        }
        return causes;
    }

    private static void addAll(Set<String> causes, Matcher found) {
        while (found.find()) {
            causes.add(found.group(1) == null ? found.group(2) : found.group(1));
        }
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
