package io.mailferry.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.deploy.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The AsyncAPI 3 document: every topic, every message, by the contracts. */
final class AsyncApi {
    static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String BINDING_VERSION = "0.5.0";

    private final EventSchemas schemas = new EventSchemas();

    ObjectNode document() {
        ObjectNode document = JSON.objectNode().put("asyncapi", "3.0.0");
        document.putObject("info")
                .put("title", "Mailferry")
                .put("version", "1.0.0")
                .put(
                        "description",
                        "What Mailferry's services tell each other over Kafka. Generated from contracts/; see events.md.");
        document.put("defaultContentType", "application/json");
        ObjectNode channels = document.putObject("channels");
        ObjectNode operations = document.putObject("operations");
        ObjectNode components = document.putObject("components");
        ObjectNode messages = components.putObject("messages");
        for (Topic topic : Topic.values()) {
            channel(topic, channels, operations, messages);
        }
        items(channels, operations, messages);
        deadLetters(channels, messages);
        ObjectNode schemaNodes = components.putObject("schemas");
        schemaNodes.set("CloudEventHeaders", cloudEventHeaders());
        schemas.all().forEach(schemaNodes::set);
        return document;
    }

    String text() throws JsonProcessingException {
        return "# Generated from contracts/ by the tests; see CONTRIBUTING.md.\n" + YAML.writeValueAsString(document());
    }

    private void channel(Topic topic, ObjectNode channels, ObjectNode operations, ObjectNode messages) {
        TopicFacts facts = TopicFacts.of(topic);
        ObjectNode channel = channels.putObject(channelName(topic));
        channel.put("address", topic.topicName());
        channel.put("description", schemas.description(topicInterface(topic)) + " Keyed by " + facts.key() + ".");
        ObjectNode carried = channel.putObject("messages");
        for (Class<? extends Event> event : EventSchemas.inOrder(topic)) {
            String name = event.getSimpleName();
            carried.putObject(name).put("$ref", "#/components/messages/" + name);
            messages.set(name, message(topic, event, facts));
        }
        bind(channel);
        operations(channelName(topic), facts.writers(), facts.readers(), operations);
    }

    private ObjectNode message(Topic topic, Class<? extends Event> event, TopicFacts facts) {
        String type = topic.types().entrySet().stream()
                .filter(entry -> entry.getValue().equals(event))
                .findFirst()
                .orElseThrow()
                .getKey();
        ObjectNode message = JSON.objectNode().put("name", type).put("title", event.getSimpleName());
        if (!schemas.description(event).isEmpty()) {
            message.put("summary", schemas.description(event));
        }
        message.put("contentType", "application/json");
        ArrayNode headers = message.putObject("headers").putArray("allOf");
        headers.addObject().put("$ref", "#/components/schemas/CloudEventHeaders");
        headers.addObject()
                .put("type", "object")
                .putObject("properties")
                .putObject("ce_type")
                .put("const", type);
        message.putObject("payload").put("$ref", "#/components/schemas/" + event.getSimpleName());
        ObjectNode key = message.putObject("bindings").putObject("kafka");
        key.putObject("key").put("type", "string").put("format", "uuid").put("description", facts.key());
        key.put("bindingVersion", BINDING_VERSION);
        ArrayNode examples = JSON.arrayNode();
        goldenFiles(type)
                .forEach(file -> examples.addObject()
                        .put("name", file.getFileName().toString().replace(".json", ""))
                        .set("payload", read(file)));
        message.set("examples", examples);
        return message;
    }

    private static void items(ObjectNode channels, ObjectNode operations, ObjectNode messages) {
        ObjectNode channel = channels.putObject("exportItem");
        channel.put("address", Topic.ITEMS);
        channel.put(
                "description",
                "Archive parts from exporter to uploader, all parts of a mailbox in one partition. Keyed by mailbox id.");
        channel.putObject("messages").putObject("Part").put("$ref", "#/components/messages/Part");
        bind(channel);
        ObjectNode message = messages.putObject("Part");
        message.put("name", "io.mailferry.archive.Part").put("title", "Part");
        message.put(
                "summary",
                "One part of an item, or a marker: Avro in single-object encoding, described in archive-format.md. No CloudEvent, no headers.");
        message.put("contentType", "application/avro");
        message.putObject("payload").put("type", "string").put("format", "binary");
        ObjectNode key = message.putObject("bindings").putObject("kafka");
        key.putObject("key").put("type", "string").put("format", "uuid").put("description", "mailbox id");
        key.put("bindingVersion", BINDING_VERSION);
        operations("exportItem", List.of("exporter-service"), List.of("uploader-service"), operations);
    }

    private static void deadLetters(ObjectNode channels, ObjectNode messages) {
        for (Topic topic : Topic.values()) {
            deadLetterChannel(channelName(topic), topic.deadLetterName(), channels);
        }
        deadLetterChannel("exportItem", Topic.ITEMS + ".dlq", channels);
        ObjectNode message = messages.putObject("DeadLetter").put("title", "DeadLetter");
        message.put("summary", "Where a record that could not be handled lies, and why; never its content.");
        message.put("contentType", "application/json");
        ObjectNode headers = message.putObject("headers").put("type", "object");
        ObjectNode header = headers.putObject("properties");
        ArrayNode required = headers.putArray("required");
        for (String name : List.of("mailferry-reason", "mailferry-topic", "mailferry-partition", "mailferry-offset")) {
            header.putObject(name).put("type", "string");
            required.add(name);
        }
        ObjectNode payload = message.putObject("payload").put("type", "object");
        ObjectNode properties = payload.putObject("properties");
        properties.putObject("reason").put("type", "string").put("description", "A word of ours, as in the header.");
        properties.putObject("topic").put("type", "string");
        properties.putObject("partition").put("type", "integer");
        properties.putObject("offset").put("type", "integer");
    }

    private static void deadLetterChannel(String source, String address, ObjectNode channels) {
        ObjectNode channel = channels.putObject(source + "DeadLetters").put("address", address);
        channel.putObject("messages").putObject("DeadLetter").put("$ref", "#/components/messages/DeadLetter");
        bind(channel);
    }

    private static void operations(String channel, List<String> writers, List<String> readers, ObjectNode operations) {
        writers.forEach(service -> operation(service, "send", channel, operations));
        readers.forEach(service -> operation(service, "receive", channel, operations));
    }

    private static void operation(String service, String action, String channel, ObjectNode operations) {
        String name = service.replace("-service", "") + action.substring(0, 1).toUpperCase(Locale.ROOT)
                + action.substring(1) + "s" + channel.substring(0, 1).toUpperCase(Locale.ROOT) + channel.substring(1);
        operations.putObject(name).put("action", action).putObject("channel").put("$ref", "#/channels/" + channel);
    }

    private static void bind(ObjectNode channel) {
        channel.putObject("bindings").putObject("kafka").put("bindingVersion", BINDING_VERSION);
    }

    private static ObjectNode cloudEventHeaders() {
        ObjectNode headers = JSON.objectNode().put("type", "object");
        headers.put("description", "CloudEvents 1.0 in binary mode.");
        ObjectNode properties = headers.putObject("properties");
        properties.putObject("ce_specversion").put("const", "1.0");
        properties.putObject("ce_id").put("type", "string").put("format", "uuid");
        properties.putObject("ce_source").put("type", "string").put("description", "The service that speaks.");
        properties.putObject("ce_type").put("type", "string");
        properties.putObject("ce_time").put("type", "string").put("format", "date-time");
        properties
                .putObject("ce_mailferrytenant")
                .put("type", "string")
                .put("format", "uuid")
                .put("description", "Equals the body's tenant, or the record is dead-lettered.");
        properties.putObject("content-type").put("const", "application/json");
        ArrayNode required = headers.putArray("required");
        properties.fieldNames().forEachRemaining(required::add);
        return headers;
    }

    /** {@code mailferry.transition.command.v1} is the channel {@code transitionCommand}. */
    static String channelName(Topic topic) {
        String[] words = topic.topicName().split("\\.");
        return words[1] + words[2].substring(0, 1).toUpperCase(Locale.ROOT) + words[2].substring(1);
    }

    static Class<?> topicInterface(Topic topic) {
        Class<?> event = topic.types().values().iterator().next();
        Class<?> sealed = event.getInterfaces()[0];
        return sealed.getInterfaces()[0] == Event.class ? sealed : sealed.getInterfaces()[0];
    }

    static List<Path> goldenFiles(String type) {
        return Repository.files(Repository.path("messaging/src/test/resources/golden"), ".json").stream()
                .filter(file -> file.getFileName().toString().startsWith(type + "."))
                .toList();
    }

    static JsonNode read(Path file) {
        try {
            return MAPPER.readTree(Repository.text(file));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(file + " is no JSON", e);
        }
    }
}
