package io.mailferry.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.Topic;
import io.mailferry.deploy.Repository;
import io.mailferry.messaging.inbox.Redelivery;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages say of who reads a topic, against the channels that the services really have. */
final class ChannelsTest {
    private static final Pattern INCOMING = Pattern.compile("(?m)^mp\\.messaging\\.incoming\\.[^.]+\\.topic=(.+)$");

    private static final Pattern RECORD_AGE =
            Pattern.compile("(?m)^mp\\.messaging\\..*unprocessed-record-max-age\\.ms=(.+)$");

    static Stream<String> services() {
        return Repository.SERVICES.stream();
    }

    @ParameterizedTest
    @MethodSource("services")
    void readWhatThePagesSay(String service) {
        Set<String> subscribed = INCOMING.matcher(
                        Repository.text(service + "/src/main/resources/application.properties"))
                .results()
                .map(match -> match.group(1).strip())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = Arrays.stream(Topic.values())
                .filter(topic -> TopicFacts.of(topic).readers().contains(service))
                .map(Topic::topicName)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(described).isEqualTo(subscribed);
    }

    /** Redelivery's deadline is checked against this age. */
    @ParameterizedTest
    @MethodSource("services")
    void giveUpARecordAtTheAgeThatRedeliveryKeepsBelow(String service) {
        assertThat(RECORD_AGE
                        .matcher(Repository.text(service + "/src/main/resources/application.properties"))
                        .results()
                        .map(match -> match.group(1).strip()))
                .allMatch(Long.toString(Redelivery.RECORD_AGE_MAX.toMillis())::equals);
    }
}
