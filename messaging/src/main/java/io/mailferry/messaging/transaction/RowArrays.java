package io.mailferry.messaging.transaction;

import io.mailferry.contracts.id.Id;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Many rows as the parameters of one statement, an array for each column, of which {@code unnest(:agents, :boots)} makes
 * rows again: what a statement costs is paid once, however many rows there are. Without rows nothing is asked of
 * PostgreSQL.
 */
public final class RowArrays<R> {
    private final List<R> rows;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final Map<String, Object> values = new LinkedHashMap<>();

    private record Column(Type type, List<@Nullable Object> values) {}

    private RowArrays(List<R> rows) {
        this.rows = rows;
    }

    /** In this order. */
    public static <R> RowArrays<R> of(Collection<R> rows) {
        return new RowArrays<>(List.copyOf(rows));
    }

    /**
     * A column of the statement.
     *
     * @param type Integer, Long, Boolean, String or UUID
     * @param value may be null
     */
    public <V> RowArrays<R> column(String name, Class<V> type, Function<R, ? extends @Nullable V> value) {
        List<@Nullable Object> all = new ArrayList<>(rows.size());
        for (R row : rows) {
            all.add(value.apply(row));
        }
        columns.put(name, new Column(type, all));
        return this;
    }

    public RowArrays<R> ids(String name, Function<R, ? extends @Nullable Id> id) {
        return column(name, UUID.class, row -> {
            @Nullable Id of = id.apply(row);
            return of == null ? null : of.value();
        });
    }

    /** As text, which the statement has to cast to {@code timestamptz}. */
    public RowArrays<R> moments(String name, Function<R, ? extends @Nullable Instant> moment) {
        return column(name, String.class, row -> {
            @Nullable Instant of = moment.apply(row);
            return of == null ? null : of.toString();
        });
    }

    /** A parameter that is the same for all rows. */
    public RowArrays<R> value(String name, Object value) {
        values.put(name, value);
        return this;
    }

    public void write(Transaction transaction, String sql) {
        if (!rows.isEmpty()) {
            bind(transaction.handle().createUpdate(sql)).execute();
        }
    }

    public <T> List<T> read(Transaction transaction, String sql, RowMapper<T> mapper) {
        return rows.isEmpty()
                ? List.of()
                : bind(transaction.handle().createQuery(sql)).map(mapper).list();
    }

    private <S extends SqlStatement<S>> S bind(S statement) {
        columns.forEach((name, column) -> statement.bindArray(name, column.type(), column.values()));
        values.forEach(statement::bind);
        return statement;
    }
}
