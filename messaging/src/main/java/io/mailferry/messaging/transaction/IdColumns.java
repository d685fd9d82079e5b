package io.mailferry.messaging.transaction;

import io.mailferry.contracts.id.Id;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.sql.Types;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.spi.JdbiPlugin;

/** Binds and maps the contracts' ids as uuid columns. */
final class IdColumns extends JdbiPlugin.Singleton {
    @Override
    public void customizeJdbi(Jdbi jdbi) {
        jdbi.registerArgument(new IdArguments());
        for (Class<?> id : Id.class.getPermittedSubclasses()) {
            register(jdbi, id.asSubclass(Id.class));
        }
    }

    private static <T extends Id> void register(Jdbi jdbi, Class<T> type) {
        MethodHandle constructor;
        try {
            constructor =
                    MethodHandles.publicLookup().findConstructor(type, MethodType.methodType(void.class, UUID.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException("an id is a record of one UUID", e);
        }
        ColumnMapper<T> mapper = (row, column, context) -> {
            UUID value = row.getObject(column, UUID.class);
            return value == null ? null : construct(type, constructor, value);
        };
        jdbi.registerColumnMapper(type, mapper);
    }

    private static <T extends Id> T construct(Class<T> type, MethodHandle constructor, UUID value) {
        try {
            return type.cast(constructor.invoke(value));
        } catch (Throwable e) {
            throw new IllegalStateException("an id takes any UUID", e);
        }
    }

    private static final class IdArguments extends AbstractArgumentFactory<Id> {
        IdArguments() {
            super(Types.OTHER);
        }

        @Override
        protected Argument build(Id id, ConfigRegistry config) {
            return (position, statement, context) -> statement.setObject(position, id.value());
        }
    }
}
