package io.mailferry.documents;

import io.mailferry.deploy.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code docs/configuration.md} from the {@code @ConfigMapping} interfaces and what each service reads from its environment. */
final class ConfigurationPage {
    /** @param fallback the default; empty for a key that must be set or may be left out, which the type tells */
    record Key(String name, String type, Optional<String> fallback, String text) {}

    private static final Pattern ENVIRONMENT =
            Pattern.compile("(?m)^([^#=\\s]+)\\s*=.*?\\$\\{(MAILFERRY_[A-Z0-9_]+)(?::([^}]*))?}.*$");
    private static final List<String> LIBRARIES = List.of("messaging", "operator-access", "archive", "exchange-client");

    private ConfigurationPage() {}

    static String text() {
        StringBuilder page = new StringBuilder();
        page.append("# Configuration\n\n");
        page.append(
                "Generated from the configuration interfaces; see CONTRIBUTING.md. Every key can be set by a system\n");
        page.append(
                "property or by the environment variable beside it. A key without a default must be set, unless it\n");
        page.append("may be absent. The services also take every key of Quarkus.\n");
        for (String service : Repository.SERVICES) {
            page.append("\n## ").append(service).append("\n");
            environment(service, page);
            keys(service, page);
        }
        page.append("\n## Shared by services\n");
        for (String library : LIBRARIES) {
            List<Key> keys = keysOf(library);
            if (!keys.isEmpty()) {
                page.append("\nFor every service that uses `").append(library).append("`:\n");
                table(keys, page);
            }
        }
        return page.toString();
    }

    static List<Key> keysOf(String module) {
        List<Sources.Type> types = Sources.parse(Repository.files(Repository.path(module + "/src/main/java"), ".java"));
        return types.stream()
                .filter(type -> type.annotations().containsKey("ConfigMapping"))
                .flatMap(type -> keys(type.annotations().get("ConfigMapping"), type, types))
                .sorted(Comparator.comparing(Key::name))
                .toList();
    }

    private static Stream<Key> keys(String prefix, Sources.Type mapping, List<Sources.Type> types) {
        return mapping.methods().stream().flatMap(method -> {
            String name = method.annotations().containsKey("WithParentName")
                    ? prefix
                    : prefix + "." + method.annotations().getOrDefault("WithName", kebab(method.name()));
            return nested(mapping, method, types)
                    .map(group -> keys(name, group, types))
                    .orElseGet(() -> Stream.of(new Key(
                            name,
                            method.returns(),
                            Optional.ofNullable(method.annotations().get("WithDefault")),
                            method.text())));
        });
    }

    /** A method that returns an interface within the mapping opens a group of keys. */
    private static Optional<Sources.Type> nested(
            Sources.Type mapping, Sources.Method method, List<Sources.Type> types) {
        String outermost = mapping.name().split("\\.")[0];
        return types.stream()
                .filter(type -> type.packageName().equals(mapping.packageName()))
                .filter(type ->
                        type.name().startsWith(outermost + ".") && type.name().endsWith("." + method.returns()))
                .filter(type -> !type.methods().isEmpty())
                .findFirst();
    }

    private static void environment(String service, StringBuilder page) {
        Path file = Repository.path(service + "/src/main/resources/application.properties");
        Map<String, List<String>> keys = new LinkedHashMap<>();
        Map<String, String> defaults = new LinkedHashMap<>();
        Matcher setting = ENVIRONMENT.matcher(Repository.text(file));
        while (setting.find()) {
            keys.computeIfAbsent(setting.group(2), _ -> new ArrayList<>()).add("`" + setting.group(1) + "`");
            defaults.put(setting.group(2), setting.group(3) == null ? "must be set" : code(setting.group(3)));
        }
        if (keys.isEmpty()) {
            return;
        }
        page.append("\n| environment | default | sets |\n|---|---|---|\n");
        keys.forEach((name, sets) -> page.append("| `")
                .append(name)
                .append("` | ")
                .append(defaults.get(name))
                .append(" | ")
                .append(String.join(", ", sets))
                .append(" |\n"));
    }

    private static void keys(String module, StringBuilder page) {
        List<Key> keys = keysOf(module);
        if (!keys.isEmpty()) {
            table(keys, page);
        }
    }

    private static void table(List<Key> keys, StringBuilder page) {
        page.append("\n| key, environment | type | default | meaning |\n|---|---|---|---|\n");
        for (Key key : keys) {
            page.append("| `")
                    .append(key.name())
                    .append("` `")
                    .append(variable(key.name()))
                    .append("` | ");
            page.append(key.type().replace("<", " of ").replace(">", "")).append(" | ");
            page.append(key.fallback().map(ConfigurationPage::code).orElse("")).append(" | ");
            page.append(key.text().replace("|", "\\|")).append(" |\n");
        }
    }

    private static String code(String value) {
        return value.isEmpty() ? "empty" : "`" + value + "`";
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    static String variable(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
