package io.mailferry.planner.rule;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** A backup agent's version, compared as numbers. What follows the third number does not matter to any rule. */
public record AgentVersion(int major, int minor, int patch) implements Comparable<AgentVersion> {
    private static final Pattern SHAPE =
            Pattern.compile("[vV]?(\\d{1,5})\\.(\\d{1,5}|x)(?:\\.(\\d{1,5}|x))?(?:[.+-][A-Za-z0-9.+-]{0,40})?");
    private static final Comparator<AgentVersion> BY_PARTS = Comparator.comparingInt(AgentVersion::major)
            .thenComparingInt(AgentVersion::minor)
            .thenComparingInt(AgentVersion::patch);

    /** Empty if the text is no version, which is never guessed at. */
    public static Optional<AgentVersion> parse(String text) {
        var match = SHAPE.matcher(text.strip());
        if (!match.matches()) {
            return Optional.empty();
        }
        return Optional.of(new AgentVersion(
                Integer.parseInt(match.group(1)),
                number(match.group(2)),
                match.group(3) == null ? 0 : number(match.group(3))));
    }

    public boolean atLeast(AgentVersion other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(AgentVersion other) {
        return BY_PARTS.compare(this, other);
    }

    /** {@code 4.3}, or {@code 4.3.1} where there is a third number. */
    @Override
    public String toString() {
        return patch == 0 ? major + "." + minor : major + "." + minor + "." + patch;
    }

    /** The lowest version of a family such as 4.x. */
    private static int number(String part) {
        return part.equals("x") ? 0 : Integer.parseInt(part);
    }
}
