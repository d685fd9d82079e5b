package io.mailferry.documents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.Id;
import io.mailferry.deploy.Repository;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** JSON Schemas (2020-12) of the contracts' records, as {@code EventMapper} writes them; descriptions are the Javadoc's. */
final class EventSchemas {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, Sources.Type> sources;
    private final Map<String, ObjectNode> schemas = new TreeMap<>();
    private final Map<String, Class<?>> within = new TreeMap<>();

    EventSchemas() {
        this.sources = Sources.parse(Repository.files(Repository.path("contracts/src/main/java"), ".java")).stream()
                .collect(Collectors.toMap(
                        type -> type.packageName() + "." + type.name(), Function.identity(), (first, _) -> first));
        for (Topic topic : Topic.values()) {
            topic.types().values().forEach(this::reference);
        }
    }

    /** By the record's name without the interface around it, such as {@code ServerDiscovered}. */
    Map<String, ObjectNode> all() {
        return schemas;
    }

    String description(Class<?> type) {
        return Optional.ofNullable(sources.get(type.getCanonicalName()))
                .map(Sources.Type::text)
                .orElse("");
    }

    String description(Class<?> type, String component) {
        return Optional.ofNullable(sources.get(type.getCanonicalName()))
                .map(source -> source.parameters().get(component))
                .orElse("");
    }

    /** What a component means: what its record says of it, or else what its type says of itself. */
    String meaning(RecordComponent component) {
        String said = description(component.getDeclaringRecord(), component.getName());
        return said.isEmpty() ? firstSentence(description(plainType(component.getGenericType()))) : said;
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }

    private static Class<?> plainType(Type type) {
        return switch (type) {
            case ParameterizedType generic
            when generic.getActualTypeArguments()[0] instanceof Class<?> argument -> argument;
            case Class<?> plain -> plain;
            case Type other -> throw new IllegalArgumentException("no plain type in " + other);
        };
    }

    /** The records, choices and words within events, in the order of their names. */
    List<Class<?>> within() {
        return List.copyOf(within.values());
    }

    /** The events of a topic in the order in which its interface permits them. */
    static List<Class<? extends Event>> inOrder(Topic topic) {
        return topic.types().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .<Class<? extends Event>>map(Map.Entry::getValue)
                .toList();
    }

    /** A short word for a component's type, as a reader of the pages needs it. */
    static String word(Type type) {
        return switch (type) {
            case ParameterizedType generic
            when generic.getRawType() == Optional.class -> word(generic.getActualTypeArguments()[0]) + ", may be null";
            case ParameterizedType generic
            when generic.getRawType() == List.class -> "list of " + word(generic.getActualTypeArguments()[0]);
            case ParameterizedType generic
            when generic.getRawType() == Map.class ->
                "map of " + word(generic.getActualTypeArguments()[0]) + " to "
                        + word(generic.getActualTypeArguments()[1]);
            case Class<?> plain when plain == Instant.class -> "time";
            case Class<?> plain when plain == boolean.class -> "true or false";
            case Class<?> plain when plain == String.class -> "text";
            case Class<?> plain when plain == long.class || plain == int.class || plain == Long.class -> "number";
            case Class<?> plain -> schemaName(plain);
            case Type other -> throw new IllegalArgumentException("no word for " + other);
        };
    }

    private ObjectNode reference(Class<?> type) {
        String name = schemaName(type);
        if (!schemas.containsKey(name)) {
            // Its place is taken first, for records that name each other.
            schemas.put(name, JSON.objectNode());
            if (!Event.class.isAssignableFrom(type)) {
                within.put(name, type);
            }
            schemas.get(name).setAll(type.isRecord() ? record(type) : type.isEnum() ? words(type) : choice(type));
        }
        return JSON.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    static String schemaName(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return outer != null && !outer.isInterface()
                ? outer.getSimpleName() + type.getSimpleName()
                : type.getSimpleName();
    }

    private ObjectNode record(Class<?> type) {
        ObjectNode schema = JSON.objectNode().put("type", "object");
        describe(schema, description(type));
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = JSON.arrayNode();
        for (RecordComponent component : type.getRecordComponents()) {
            ObjectNode property = schema(component.getGenericType());
            describe(property, description(type, component.getName()));
            properties.set(component.getName(), property);
            if (component.getType() != Optional.class) {
                required.add(component.getName());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private ObjectNode words(Class<?> type) {
        ObjectNode schema = JSON.objectNode().put("type", "string");
        describe(schema, description(type));
        ArrayNode words = schema.putArray("enum");
        Arrays.stream(type.getEnumConstants()).forEach(word -> words.add(word.toString()));
        return schema;
    }

    /** A sealed choice bears its record's name in {@code type}. */
    private ObjectNode choice(Class<?> type) {
        ObjectNode schema = JSON.objectNode();
        describe(schema, description(type));
        ArrayNode choices = schema.putArray("oneOf");
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            ObjectNode chosen = record(permitted);
            ((ObjectNode) chosen.get("properties")).putObject("type").put("const", permitted.getSimpleName());
            ArrayNode required =
                    chosen.has("required") ? (ArrayNode) chosen.get("required") : chosen.putArray("required");
            required.add("type");
            choices.add(chosen);
        }
        return schema;
    }

    private ObjectNode schema(Type type) {
        return switch (type) {
            case ParameterizedType generic
            when generic.getRawType() == Optional.class -> {
                ObjectNode optional = JSON.objectNode();
                optional.putArray("anyOf")
                        .add(schema(generic.getActualTypeArguments()[0]))
                        .add(JSON.objectNode().put("type", "null"));
                yield optional;
            }
            case ParameterizedType generic
            when generic.getRawType() == List.class ->
                JSON.objectNode().put("type", "array").set("items", schema(generic.getActualTypeArguments()[0]));
            case ParameterizedType generic
            when generic.getRawType() == Map.class ->
                JSON.objectNode()
                        .put("type", "object")
                        .<ObjectNode>set("propertyNames", schema(generic.getActualTypeArguments()[0]))
                        .set("additionalProperties", schema(generic.getActualTypeArguments()[1]));
            case Class<?> plain -> plain(plain);
            case Type other -> throw new IllegalArgumentException("no schema for " + other);
        };
    }

    private ObjectNode plain(Class<?> type) {
        ObjectNode schema = JSON.objectNode();
        if (type == UUID.class || Id.class.isAssignableFrom(type)) {
            return schema.put("type", "string").put("format", "uuid");
        }
        if (type == Instant.class) {
            return schema.put("type", "string").put("format", "date-time");
        }
        if (type == ExchangeBuild.class) {
            return schema.put("type", "string").put("pattern", "^\\d+\\.\\d+\\.\\d+\\.\\d+$");
        }
        if (type == SealedAddress.class) {
            return schema.put("type", "string").put("pattern", "^[^@]+$").put("maxLength", 1024);
        }
        if (type == String.class) {
            return schema.put("type", "string");
        }
        if (type == boolean.class) {
            return schema.put("type", "boolean");
        }
        if (type == long.class || type == int.class || type == Long.class) {
            return schema.put("type", "integer");
        }
        return reference(type);
    }

    private static void describe(ObjectNode schema, String description) {
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
    }
}
