package io.mailferry.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.Topic;
import io.mailferry.deploy.Repository;
import io.mailferry.messaging.inbox.Redelivery;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages say of who reads a topic, against the channels that the services really have. */
final class ChannelsTest {
    private static final Pattern INCOMING = Pattern.compile("(?m)^mp\\.messaging\\.incoming\\.[^.]+\\.topic=(.+)$");

    private static final Pattern CHANNEL = Pattern.compile("mp\\.messaging\\.incoming\\.([^.]+)\\.connector");

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
    void giveUpARecordAtTheAgeThatRedeliveryKeepsBelow(String service) throws IOException {
        Properties settings = new Properties();
        settings.load(new StringReader(Repository.text(service + "/src/main/resources/application.properties")));
        Map<String, String> ages = settings.stringPropertyNames().stream()
                .map(CHANNEL::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .filter(channel -> !"ignore".equals(setting(settings, channel, "commit-strategy")))
                .collect(Collectors.toMap(
                        channel -> channel,
                        channel -> setting(settings, channel, "throttled.unprocessed-record-max-age.ms")));

        // The uploader reads its topic by a consumer of its own.
        assertThat(ages.isEmpty()).isEqualTo(service.equals("uploader-service"));
        assertThat(ages.values()).allMatch(Long.toString(Redelivery.RECORD_AGE_MAX.toMillis())::equals);
    }

    /** Of the channel, or else of all channels; empty if neither says so. */
    private static String setting(Properties settings, String channel, String name) {
        String ofAll = settings.getProperty("mp.messaging.connector.smallrye-kafka." + name, "");
        return settings.getProperty("mp.messaging.incoming." + channel + "." + name, ofAll);
    }
}
