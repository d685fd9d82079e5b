package io.mailferry.contracts.exchange;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An Exchange build, compared part by part as numbers. Servers report it in three shapes, all of which {@link #parse}
 * takes: {@code 15.00.1497.002}, {@code 15.0.1497.2} and {@code Version 15.0 (Build 1497.2)}, the last being what
 * Get-ExchangeServer prints as AdminDisplayVersion.
 */
public record ExchangeBuild(int major, int minor, int majorBuild, int minorBuild) implements Comparable<ExchangeBuild> {
    private static final Pattern DOTTED = Pattern.compile("(\\d{1,5})\\.(\\d{1,5})\\.(\\d{1,5})\\.(\\d{1,5})");
    private static final Pattern DISPLAY =
            Pattern.compile("Version (\\d{1,5})\\.(\\d{1,5}) \\(Build (\\d{1,5})\\.(\\d{1,5})\\)");
    private static final Comparator<ExchangeBuild> BY_PARTS = Comparator.comparingInt(ExchangeBuild::major)
            .thenComparingInt(ExchangeBuild::minor)
            .thenComparingInt(ExchangeBuild::majorBuild)
            .thenComparingInt(ExchangeBuild::minorBuild);

    public ExchangeBuild {
        if (major < 0 || minor < 0 || majorBuild < 0 || minorBuild < 0) {
            throw new IllegalArgumentException("an Exchange build has no negative part");
        }
    }

    /** The build in any of the three shapes; empty if the text is none of them, which is never guessed at. */
    public static Optional<ExchangeBuild> parse(String text) {
        String trimmed = text.strip();
        for (Pattern shape : new Pattern[] {DOTTED, DISPLAY}) {
            var match = shape.matcher(trimmed);
            if (match.matches()) {
                return Optional.of(new ExchangeBuild(
                        Integer.parseInt(match.group(1)),
                        Integer.parseInt(match.group(2)),
                        Integer.parseInt(match.group(3)),
                        Integer.parseInt(match.group(4))));
            }
        }
        return Optional.empty();
    }

    public boolean isExchange2013() {
        return major == 15 && minor == 0;
    }

    public boolean atLeast(ExchangeBuild other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(ExchangeBuild other) {
        return BY_PARTS.compare(this, other);
    }

    /** The short dotted shape, {@code 15.0.1497.2}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d.%d.%d.%d", major, minor, majorBuild, minorBuild);
    }
}
