package io.mailferry.simulator.ews;

import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The build of an Exchange server, by its four numbers. */
public record ServerBuild(int major, int minor, int majorBuild, int minorBuild) {
    private static final Comparator<ServerBuild> BY_NUMBERS = Comparator.comparingInt(ServerBuild::major)
            .thenComparingInt(ServerBuild::minor)
            .thenComparingInt(ServerBuild::majorBuild)
            .thenComparingInt(ServerBuild::minorBuild);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,6})\\.(\\d{1,6})");

    /**
     * @throws IllegalArgumentException if the text is not four numbers
     */
    public static ServerBuild parse(String text) {
        Matcher numbers = TEXT.matcher(text);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("A build is four numbers, such as 15.0.1395.12");
        }
        return new ServerBuild(
                Integer.parseInt(numbers.group(1)),
                Integer.parseInt(numbers.group(2)),
                Integer.parseInt(numbers.group(3)),
                Integer.parseInt(numbers.group(4)));
    }

    public boolean atLeast(ServerBuild other) {
        return BY_NUMBERS.compare(this, other) >= 0;
    }

    /** As installers write it: 15.00.1497.002. */
    public String padded() {
        return String.format(Locale.ROOT, "%02d.%02d.%04d.%03d", major, minor, majorBuild, minorBuild);
    }

    /** As AdminDisplayVersion shows it: Version 15.0 (Build 1497.2). */
    public String adminDisplayVersion() {
        return "Version " + major + "." + minor + " (Build " + majorBuild + "." + minorBuild + ")";
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + majorBuild + "." + minorBuild;
    }
}
