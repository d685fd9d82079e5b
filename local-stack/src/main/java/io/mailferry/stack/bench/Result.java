package io.mailferry.stack.bench;

import org.jspecify.annotations.Nullable;

/**
 * One figure beside what was wanted of it.
 *
 * @param wanted such as {@code >= 2000}; null where nothing was
 * @param met null where nothing was wanted
 */
record Result(
        String name,
        double value,
        String unit,
        @Nullable String wanted,
        @Nullable Boolean met) {
    static Result of(String name, double value, String unit) {
        return new Result(name, value, unit, null, null);
    }

    static Result atLeast(String name, double value, String unit, double wanted) {
        return new Result(name, value, unit, ">= " + number(wanted), value >= wanted);
    }

    static Result below(String name, double value, String unit, double wanted) {
        return new Result(name, value, unit, "< " + number(wanted), value < wanted);
    }

    static Result atMost(String name, double value, String unit, double wanted) {
        return new Result(name, value, unit, "<= " + number(wanted), value <= wanted);
    }

    private static String number(double wanted) {
        return Long.toString(Math.round(wanted));
    }
}
