package io.mailferry.planner.rule;

import io.mailferry.contracts.exchange.ExchangeBuild;
import java.util.List;
import java.util.Optional;

/**
 * One vendor announcement. Its ranges cover every build of its product exactly once, which {@link RuleFile} checks.
 *
 * @param id with the version, the name that verdicts give their rule
 * @param major first number of the product's builds
 * @param minor second number of the product's builds
 */
public record Announcement(
        String id,
        int version,
        String product,
        int major,
        int minor,
        List<AgentRule> agents,
        List<BuildRange> ranges,
        String remedy,
        String source) {
    public Announcement {
        agents = List.copyOf(agents);
        ranges = List.copyOf(ranges);
    }

    public boolean isAbout(ExchangeBuild build) {
        return build.major() == major && build.minor() == minor;
    }

    /** The range of a build that this announcement is about. */
    public BuildRange rangeOf(ExchangeBuild build) {
        return ranges.stream()
                .filter(range -> range.contains(build))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a build of " + product));
    }

    /** What is said of agents of this brand; the brand's own entry before the one for any. */
    public Optional<AgentRule> agentsOf(String brand) {
        return agents.stream().filter(agent -> agent.coversBrand(brand)).findFirst();
    }

    /** {@code mapi-exchange-2013-20210331/1} */
    public String name() {
        return id + "/" + version;
    }
}
