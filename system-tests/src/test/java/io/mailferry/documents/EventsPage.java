package io.mailferry.documents;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.deploy.Repository;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The generated part of {@code docs/events.md}: each topic with its events, their fields and an example. */
final class EventsPage {
    private final EventSchemas schemas = new EventSchemas();
    private final StringBuilder page = new StringBuilder();

    String text() {
        for (Topic topic : Topic.values()) {
            topic(topic);
        }
        page.append("\n## Within events\n");
        schemas.within().forEach(this::within);
        return page.toString();
    }

    private void within(Class<?> type) {
        page.append("\n### ").append(EventSchemas.schemaName(type)).append("\n\n");
        String description = schemas.description(type);
        page.append(description.isEmpty() ? "" : description + "\n\n");
        if (type.isEnum()) {
            page.append(Arrays.stream(type.getEnumConstants())
                            .map(word -> "`" + word + "`")
                            .collect(Collectors.joining(", ")))
                    .append("\n");
        } else if (type.isSealed()) {
            page.append("One of these, named by the field `type`:\n");
            for (Class<?> choice : type.getPermittedSubclasses()) {
                page.append("\n`").append(choice.getSimpleName()).append("` ");
                page.append(schemas.description(choice)).append("\n\n");
                fields(choice);
            }
        } else {
            fields(type);
        }
    }

    private void topic(Topic topic) {
        TopicFacts facts = TopicFacts.of(topic);
        page.append("\n## ").append(topic.topicName()).append("\n\n");
        page.append(schemas.description(AsyncApi.topicInterface(topic))).append("\n\n");
        page.append("Key: ").append(facts.key()).append(". Written by ");
        page.append(String.join(", ", facts.writers())).append("; read by ");
        page.append(facts.readers().isEmpty() ? "no service yet" : String.join(", ", facts.readers()))
                .append(".\n");
        Map<String, Class<? extends Event>> types = topic.types();
        types.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(type -> event(type.getKey(), type.getValue()));
    }

    private void event(String type, Class<? extends Event> event) {
        page.append("\n### ").append(event.getSimpleName()).append("\n\n");
        page.append("`").append(type).append("`");
        String description = schemas.description(event);
        page.append(description.isEmpty() ? "" : ": " + description).append("\n\n");
        fields(event);
        for (var file : examples(type)) {
            page.append("\n```json\n").append(Repository.text(file).strip()).append("\n```\n");
        }
    }

    private void fields(Class<?> record) {
        if (record.getRecordComponents().length == 0) {
            return;
        }
        page.append("| field | is | meaning |\n|---|---|---|\n");
        for (RecordComponent component : record.getRecordComponents()) {
            page.append("| `").append(component.getName()).append("` | ");
            page.append(EventSchemas.word(component.getGenericType())).append(" | ");
            page.append(schemas.meaning(component)).append(" |\n");
        }
    }

    private static List<Path> examples(String type) {
        return AsyncApi.goldenFiles(type);
    }
}
