package io.mailferry.archive.part;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.Id;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import java.io.IOException;
import java.util.function.Function;

/** JSON as it lies in parts, headers and log entries: ids as text, times in ISO form, unknown fields passed over. */
public final class ArchiveJson {
    private static final int STRING_CHARS_MAX = 64 * 1024 * 1024;

    private static final JsonMapper MAPPER = mapper();

    private ArchiveJson() {}

    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /**
     * @param what named in the error
     * @throws Damaged MALFORMED if it is not the JSON of such a value
     */
    public static <T> T read(byte[] json, Class<T> type, String what) throws Damaged {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new Damaged(Damage.MALFORMED, what + " is null");
            }
            return value;
        } catch (Damaged e) {
            throw e;
        } catch (IOException e) {
            // The parser's message may quote what it read.
            throw new Damaged(Damage.MALFORMED, what + " is not the JSON it should be");
        }
    }

    /** @throws Damaged MALFORMED if it is no JSON */
    public static JsonNode tree(byte[] json, String what) throws Damaged {
        return read(json, JsonNode.class, what);
    }

    private static JsonMapper mapper() {
        SimpleModule ids = new SimpleModule("mailferry-ids");
        ids.addSerializer(Id.class, new ToStringSerializer(Id.class));
        add(ids, TenantId.class, TenantId::of);
        add(ids, MailboxId.class, MailboxId::of);
        add(ids, AttemptId.class, AttemptId::of);
        add(ids, PageId.class, PageId::of);
        add(ids, RestorePointId.class, RestorePointId::of);
        JsonMapper mapper = JsonMapper.builder()
                .addModule(new Jdk8Module())
                .addModule(new JavaTimeModule())
                .addModule(ids)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                .build();
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(STRING_CHARS_MAX)
                        .build());
        return mapper;
    }

    private static <T> void add(SimpleModule module, Class<T> type, Function<String, T> parse) {
        module.addDeserializer(type, new IdDeserializer<>(type, parse));
    }

    private static final class IdDeserializer<T> extends FromStringDeserializer<T> {
        private static final long serialVersionUID = 1;

        private final transient Function<String, T> parse;

        IdDeserializer(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        protected T _deserialize(String text, DeserializationContext context) {
            return parse.apply(text);
        }
    }
}
