package io.mailferry.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.mailferry.contracts.Topic;
import io.mailferry.deploy.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AsyncApiTest {
    private static final String FILE = "docs/asyncapi.yaml";

    static Stream<Path> goldenFiles() {
        return Repository.files(Repository.path("messaging/src/test/resources/golden"), ".json").stream();
    }

    @Test
    void saysWhatTheContractsSay() throws IOException {
        Committed.isUpToDate(FILE, new AsyncApi().text());
    }

    @Test
    void namesEveryTopicAndItsDeadLetters() throws IOException {
        Set<String> expected = new TreeSet<>(Set.of(Topic.ITEMS, Topic.ITEMS + ".dlq"));
        Arrays.stream(Topic.values()).forEach(topic -> {
            expected.add(topic.topicName());
            expected.add(topic.deadLetterName());
        });

        assertThat(committed().path("channels"))
                .extracting(channel -> channel.path("address").asText())
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void resolvesEveryReference() throws IOException {
        JsonNode document = committed();

        assertThat(document.findValuesAsText("$ref"))
                .isNotEmpty()
                .allMatch(reference -> !document.at(reference.substring(1)).isMissingNode());
    }

    @Test
    void givesAnExampleOfEveryMessage() throws IOException {
        committed().at("/components/messages").properties().stream()
                .filter(message -> !Set.of("Part", "DeadLetter").contains(message.getKey()))
                .forEach(message -> assertThat(message.getValue().path("examples"))
                        .as("golden files of " + message.getKey())
                        .isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void describesEveryFieldOfEveryGoldenFile(Path golden) throws IOException {
        JsonNode event = AsyncApi.read(golden);

        assertThat(schemaOf(golden).validate(event)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void refusesAnEventWithoutItsTenantOrWithAFieldThatIsNotDescribed(Path golden) throws IOException {
        ObjectNode withoutTenant = AsyncApi.read(golden).deepCopy();
        withoutTenant.remove("tenant");
        ObjectNode withMore = AsyncApi.read(golden).deepCopy();
        withMore.put("subject", "not ours to tell");

        assertThat(schemaOf(golden).validate(withoutTenant))
                .extracting(ValidationMessage::getMessage)
                .anyMatch(message -> message.contains("tenant"));
        assertThat(schemaOf(golden).validate(withMore)).isNotEmpty();
    }

    /** The message's schema with every object closed, so that a field that the document does not know is found. */
    private static JsonSchema schemaOf(Path golden) throws IOException {
        ObjectNode document = committed().deepCopy();
        close(document.at("/components/schemas"));
        String[] name = golden.getFileName().toString().split("\\.");
        document.put("$ref", "#/components/schemas/" + name[2]);
        SchemaValidatorsConfig config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(document, config);
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(AsyncApiTest::close);
    }

    private static JsonNode committed() throws IOException {
        return AsyncApi.YAML.readTree(Repository.text(FILE));
    }
}
