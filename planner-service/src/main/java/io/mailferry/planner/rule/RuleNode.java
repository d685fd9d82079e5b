package io.mailferry.planner.rule;

import io.mailferry.contracts.exchange.ExchangeBuild;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A place in a rule file, read as what it should be; what it is not is said with its line. */
record RuleNode(String file, Node node) {
    RuleNode at(String key) {
        return find(key).orElseThrow(() -> wrong("\"" + key + "\" is missing", "add it"));
    }

    Optional<RuleNode> find(String key) {
        return Optional.ofNullable(fields().get(key));
    }

    /** Refuses keys that nobody reads, since they are misspelt ones. */
    void allow(String... keys) {
        fields().forEach((key, value) -> {
            if (!List.of(keys).contains(key)) {
                throw value.wrong("\"" + key + "\" is not known", "use one of " + String.join(", ", keys));
            }
        });
    }

    List<RuleNode> items() {
        if (!(node instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            throw wrong("a list is expected", "write at least one entry beginning with \"-\"");
        }
        List<RuleNode> items = new ArrayList<>();
        sequence.getValue().forEach(item -> items.add(new RuleNode(file, item)));
        return items;
    }

    String text() {
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
            throw wrong("a text is expected", "write one");
        }
        return scalar.getValue().strip();
    }

    int number() {
        try {
            return Integer.parseInt(text());
        } catch (NumberFormatException e) {
            throw wrong("a whole number is expected", "write one, such as 4");
        }
    }

    ExchangeBuild build() {
        return ExchangeBuild.parse(text())
                .orElseThrow(() -> wrong("the build cannot be read", "write it as 15.00.1497.002"));
    }

    AgentVersion version() {
        return AgentVersion.parse(text()).orElseThrow(() -> wrong("the version cannot be read", "write it as \"4.3\""));
    }

    RuleFileInvalid wrong(String what, String remedy) {
        return new RuleFileInvalid(file, node.getStartMark().getLine() + 1, what, remedy);
    }

    private Map<String, RuleNode> fields() {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong("keys with values are expected", "write them as \"key: value\"");
        }
        Map<String, RuleNode> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = new RuleNode(file, tuple.getKeyNode()).text();
            RuleNode value = new RuleNode(file, tuple.getValueNode());
            if (fields.put(key, value) != null) {
                throw value.wrong("\"" + key + "\" is there twice", "keep one");
            }
        }
        return fields;
    }
}
