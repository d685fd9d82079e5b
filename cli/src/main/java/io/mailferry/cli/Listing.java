package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.mailferry.cli.terminal.Screen;
import io.mailferry.cli.terminal.Table;
import java.util.function.BiConsumer;
import picocli.CommandLine.Option;

/** How what services tell is printed: a table for people, or JSON as the services have it for programs. */
final class Listing {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Option(names = "--json", description = "Prints JSON instead of a table.")
    private boolean json;

    /** @param row puts one of the nodes into the table */
    void print(Iterable<JsonNode> nodes, Table table, BiConsumer<Table, JsonNode> row) {
        Screen screen = Screen.standard();
        if (json) {
            ArrayNode all = MAPPER.createArrayNode();
            nodes.forEach(all::add);
            screen.out().println(all.toPrettyString());
            return;
        }
        nodes.forEach(node -> row.accept(table, node));
        table.print(screen);
    }

    /** What only a table of its own makes readable. */
    void print(JsonNode node, Table table) {
        Screen screen = Screen.standard();
        if (json) {
            screen.out().println(node.toPrettyString());
        } else {
            table.print(screen);
        }
    }

    /** One thing: its fields below each other, those of an object within it named after it. */
    void print(JsonNode node) {
        Screen screen = Screen.standard();
        if (json) {
            screen.out().println(node.toPrettyString());
            return;
        }
        Table table = new Table("FIELD", "VALUE");
        fields("", node, table);
        table.print(screen);
    }

    private static void fields(String prefix, JsonNode node, Table table) {
        node.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                fields(prefix + field.getKey() + ".", field.getValue(), table);
            } else {
                table.row(prefix + field.getKey(), text(field.getValue()));
            }
        });
    }

    /** A hyphen for what is not known. */
    static String text(JsonNode value) {
        return value.isValueNode()
                ? value.isNull() ? "-" : value.asText()
                : value.isMissingNode() ? "-" : value.toString();
    }
}
