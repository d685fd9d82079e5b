package io.mailferry.archive.log;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What some objects of ours keep alive, counted: every object that can be reached by fields of our classes, collections,
 * maps and arrays. Says the same for states of the same size, whatever the garbage collector does.
 */
record Retained(int objects) {
    static Retained by(Object... roots) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> left = new ArrayDeque<>(Arrays.asList(roots));
        while (!left.isEmpty()) {
            Object next = left.pop();
            if (seen.add(next)) {
                references(next, left);
            }
        }
        return new Retained(seen.size());
    }

    private static void references(Object object, Deque<Object> to) {
        switch (object) {
            case Map<?, ?> map ->
                map.forEach((key, value) -> {
                    to.push(key);
                    to.push(value);
                });
            case Iterable<?> all -> all.forEach(to::push);
            case Object[] array -> {
                for (Object element : array) {
                    if (element != null) {
                        to.push(element);
                    }
                }
            }
            default -> {
                if (object.getClass().getName().startsWith("io.mailferry.") && !(object instanceof Enum<?>)) {
                    fields(object, to);
                }
            }
        }
    }

    private static void fields(Object object, Deque<Object> to) {
        for (Field field : object.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) {
                continue;
            }
            try {
                field.setAccessible(true);
                Object value = field.get(object);
                if (value != null) {
                    to.push(value);
                }
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
    }
}
