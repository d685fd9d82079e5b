package io.mailferry.messaging.cloudevents;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.exchange.Trust;
import io.mailferry.contracts.id.Id;
import io.mailferry.contracts.transition.Outcome;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The JSON form of contracts, kept out of the contracts themselves: ids, builds and sealed addresses are their text,
 * sealed choices carry their record's name in {@code type}, instants are ISO-8601, unknown properties are ignored so
 * that a newer writer may add some, and a newer reader takes an Optional that an older writer did not know for empty.
 */
public final class EventMapper {
    private EventMapper() {}

    public static ObjectMapper create() {
        JsonMapper mapper = JsonMapper.builder()
                .addModules(new Jdk8Module(), new JavaTimeModule(), texts())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .annotationIntrospector(new OnlyOptionalsMayLack())
                .build();
        choices(mapper, Trust.class);
        choices(mapper, Outcome.class);
        return mapper;
    }

    /** Every component of a record must be there, except for an Optional. */
    private static final class OnlyOptionalsMayLack extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasRequiredMarker(AnnotatedMember member) {
            return !Optional.class.isAssignableFrom(member.getRawType());
        }
    }

    /** Makes the records of a sealed interface recognisable by their names in {@code type}. */
    private static void choices(ObjectMapper mapper, Class<?> sealed) {
        mapper.addMixIn(sealed, Choice.class);
        for (Class<?> choice : sealed.getPermittedSubclasses()) {
            mapper.registerSubtypes(new NamedType(choice, choice.getSimpleName()));
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    private interface Choice {}

    private static SimpleModule texts() {
        SimpleModule module = new SimpleModule("mailferry-texts");
        for (Class<?> id : Id.class.getPermittedSubclasses()) {
            addId(module, id.asSubclass(Id.class));
        }
        text(
                module,
                ExchangeBuild.class,
                text -> ExchangeBuild.parse(text)
                        .orElseThrow(() -> new IllegalArgumentException("not an Exchange build")));
        text(module, SealedAddress.class, SealedAddress::new);
        return module;
    }

    private static <T extends Id> void addId(SimpleModule module, Class<T> type) {
        text(module, type, text -> {
            try {
                return type.getConstructor(UUID.class).newInstance(UUID.fromString(text));
            } catch (InvocationTargetException
                    | NoSuchMethodException
                    | InstantiationException
                    | IllegalAccessException e) {
                throw new IllegalStateException("an id is a record of one UUID", e);
            }
        });
        module.addKeySerializer(type, new TextKey<>());
    }

    private static <T> void text(SimpleModule module, Class<T> type, Function<String, T> parse) {
        module.addSerializer(type, new TextSerializer<T>());
        module.addDeserializer(type, new TextDeserializer<>(type, parse));
    }

    private static final class TextSerializer<T> extends JsonSerializer<T> {
        @Override
        public void serialize(T value, JsonGenerator json, SerializerProvider serializers) throws IOException {
            json.writeString(value.toString());
        }
    }

    private static final class TextKey<T> extends JsonSerializer<T> {
        @Override
        public void serialize(T value, JsonGenerator json, SerializerProvider serializers) throws IOException {
            json.writeFieldName(value.toString());
        }
    }

    private static final class TextDeserializer<T> extends JsonDeserializer<T> {
        private final Class<T> type;
        private final Function<String, T> parse;

        TextDeserializer(Class<T> type, Function<String, T> parse) {
            this.type = type;
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            String text = json.getValueAsString();
            JavaType javaType = context.constructType(type);
            if (text == null) {
                throw JsonMappingException.from(
                        context, "text expected for " + javaType.getRawClass().getSimpleName());
            }
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw JsonMappingException.from(context, "not a valid " + type.getSimpleName(), e);
            }
        }
    }
}
