package io.mailferry.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.deploy.Repository;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigurationPageTest {
    static Stream<String> services() {
        return Repository.SERVICES.stream();
    }

    @Test
    void listsEveryKeyOfEveryService() throws IOException {
        Committed.isUpToDate("docs/configuration.md", ConfigurationPage.text());
    }

    @ParameterizedTest
    @MethodSource("services")
    void explainsEveryKey(String service) {
        assertThat(ConfigurationPage.keysOf(service))
                .allSatisfy(key -> assertThat(key.text()).as(key.name()).isNotEmpty());
    }
}
