package io.mailferry.exchange.answer;

import org.jspecify.annotations.Nullable;

/** The build that a server says in each answer; a third-party server says one of its own choosing. */
public record ServerVersion(int major, int minor, int majorBuild, int minorBuild) {

    /** Reads the ServerVersionInfo at which the reader stands; null when it is not readable. */
    static @Nullable ServerVersion read(AnswerReader reader) {
        int[] numbers = new int[4];
        String[] names = {"MajorVersion", "MinorVersion", "MajorBuildNumber", "MinorBuildNumber"};
        for (int i = 0; i < names.length; i++) {
            String value = reader.attribute(names[i]);
            if (value == null || !value.matches("[0-9]{1,6}")) {
                return null;
            }
            numbers[i] = Integer.parseInt(value);
        }
        return new ServerVersion(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + majorBuild + "." + minorBuild;
    }
}
