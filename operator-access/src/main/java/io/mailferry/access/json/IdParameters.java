package io.mailferry.access.json;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.Id;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Ids as path and query parameters; a text that is no id names nothing, so it answers 404 like an unknown one. */
@Provider
public final class IdParameters implements ParamConverterProvider {
    @Override
    public <T> @Nullable ParamConverter<T> getConverter(Class<T> type, Type genericType, Annotation[] annotations) {
        Function<String, Id> fromText = IdTypes.FROM_TEXT.get(type);
        if (fromText == null) {
            return null;
        }
        return new ParamConverter<>() {
            @Override
            public T fromString(String value) {
                try {
                    return type.cast(fromText.apply(value));
                } catch (IllegalArgumentException e) {
                    throw ProblemException.notFound();
                }
            }

            @Override
            public String toString(T value) {
                return value.toString();
            }
        };
    }
}
