package io.mailferry.access.json;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.mailferry.contracts.id.Id;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.util.function.Function;

/** Ids are their UUID's text in REST bodies, as they are in events. */
@Singleton
public final class IdsInJson implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        SimpleModule ids = new SimpleModule("mailferry-ids");
        ids.addSerializer(Id.class, ToStringSerializer.instance);
        IdTypes.FROM_TEXT.forEach((type, fromText) -> register(ids, type, fromText));
        mapper.registerModule(ids);
    }

    private static <T extends Id> void register(SimpleModule module, Class<T> type, Function<String, Id> fromText) {
        module.addDeserializer(type, new FromStringDeserializer<T>(type) {
            @Override
            protected T _deserialize(String value, DeserializationContext context) {
                return type.cast(fromText.apply(value));
            }
        });
    }
}
