package io.mailferry.planner.rule;

import io.mailferry.contracts.exchange.ExchangeBuild;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads an announcement from its YAML file and refuses one that does not cover its product's builds exactly once. */
final class RuleFile {
    private static final Pattern PRODUCT_BUILDS = Pattern.compile("(\\d{1,5})\\.(\\d{1,5})");

    private final String file;

    private RuleFile(String file) {
        this.file = file;
    }

    /** @throws RuleFileInvalid naming the file, the line and the remedy */
    static Announcement read(String file, Reader content) {
        return new RuleFile(file).announcement(content);
    }

    private Announcement announcement(Reader content) {
        RuleNode root = root(content);
        root.allow("rule", "version", "source", "product", "builds", "agents", "ranges", "remedy");
        Matcher builds = PRODUCT_BUILDS.matcher(root.at("builds").text());
        if (!builds.matches()) {
            throw root.at("builds").wrong("the product's builds cannot be read", "write them as \"15.0\"");
        }
        int major = Integer.parseInt(builds.group(1));
        int minor = Integer.parseInt(builds.group(2));
        return new Announcement(
                root.at("rule").text(),
                root.at("version").number(),
                root.at("product").text(),
                major,
                minor,
                agents(root.at("agents")),
                ranges(root.at("ranges"), new ExchangeBuild(major, minor, 0, 0)),
                root.at("remedy").text(),
                root.at("source").text());
    }

    private RuleNode root(Reader content) {
        try {
            Node node = new Yaml(new SafeConstructor(new LoaderOptions())).compose(content);
            if (node == null) {
                throw new RuleFileInvalid(file, 1, "the file is empty", "write an announcement");
            }
            return new RuleNode(file, node);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new RuleFileInvalid(file, line, "this is not YAML", "look at quotes and indentation");
        }
    }

    private static List<AgentRule> agents(RuleNode list) {
        List<AgentRule> agents = new ArrayList<>();
        for (RuleNode item : list.items()) {
            item.allow("brand", "affected", "ews-from");
            String brand = item.at("brand").text().toLowerCase(Locale.ROOT);
            boolean shadowed = agents.stream()
                    .anyMatch(earlier -> earlier.brand().equals(AgentRule.ANY)
                            || earlier.brand().equals(brand));
            if (shadowed) {
                throw item.at("brand").wrong("an earlier entry already covers this brand", "put \"any\" last, once");
            }
            Set<Integer> majors = new LinkedHashSet<>();
            item.at("affected").items().forEach(major -> majors.add(major.number()));
            agents.add(new AgentRule(brand, majors, item.at("ews-from").version()));
        }
        return agents;
    }

    private static List<BuildRange> ranges(RuleNode list, ExchangeBuild first) {
        List<BuildRange> ranges = new ArrayList<>();
        Optional<ExchangeBuild> expected = Optional.of(first);
        for (RuleNode item : list.items()) {
            BuildRange range = range(item);
            expectStart(item, range, expected);
            expected = range.below();
            ranges.add(range);
        }
        if (expected.isPresent()) {
            throw list.wrong(
                    "builds from " + expected.get() + " on are in no range", "leave \"below\" out of the last range");
        }
        return ranges;
    }

    private static void expectStart(RuleNode item, BuildRange range, Optional<ExchangeBuild> expected) {
        if (expected.isEmpty()) {
            throw item.wrong("this range overlaps the one before, which has no end", "give that one a \"below\"");
        }
        int order = range.from().compareTo(expected.get());
        if (order < 0) {
            throw item.at("from").wrong("this range overlaps the one before", "let it begin at " + expected.get());
        }
        if (order > 0) {
            throw item.at("from").wrong("there is a gap before this range", "let it begin at " + expected.get());
        }
    }

    private static BuildRange range(RuleNode item) {
        item.allow("name", "from", "below", "effect", "says");
        ExchangeBuild from = item.at("from").build();
        Optional<ExchangeBuild> below = item.find("below").map(RuleNode::build);
        if (below.isPresent() && from.atLeast(below.get())) {
            throw item.at("below").wrong("the range is empty", "let it end behind " + from);
        }
        return new BuildRange(
                item.at("name").text(),
                from,
                below,
                effect(item.at("effect")),
                item.at("says").text());
    }

    private static MapiEffect effect(RuleNode node) {
        String word = node.text();
        for (MapiEffect effect : MapiEffect.values()) {
            if (word.equals(effect.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
                return effect;
            }
        }
        throw node.wrong("this effect is not known", "use works, loses-public-folders or stops");
    }
}
