package io.mailferry.cli.terminal;

import java.time.Duration;
import java.util.Locale;

/** Sizes, rates and durations in few characters. */
public final class Figures {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private Figures() {}

    /** Such as {@code 18.2 MB}; steps of 1000. */
    public static String bytes(double bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        String pattern = unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s";
        return String.format(Locale.ROOT, pattern, value, UNITS[unit]);
    }

    /** Such as {@code 12,345}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Such as {@code 0:07}, {@code 12:30} or {@code 3:05:00}. */
    public static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
