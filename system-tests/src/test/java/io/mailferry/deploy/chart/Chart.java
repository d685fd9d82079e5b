package io.mailferry.deploy.chart;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.mailferry.deploy.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The chart, linted and rendered by Helm's own library. */
final class Chart {
    static final Path FOLDER = Repository.path("deploy/chart/mailferry");

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Chart() {}

    /** A rendering of the chart: the objects in it, and how it came about. */
    record Rendering(String name, List<JsonNode> objects) {
        Stream<JsonNode> ofKind(String kind) {
            return objects.stream()
                    .filter(object -> object.path("kind").asText().equals(kind));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** With the values as they are shipped, and with each file in the chart's {@code ci} folder. */
    static Stream<Rendering> renderings() {
        Stream<Rendering> shipped = Stream.of(new Rendering("values.yaml", objects(render(null, Map.of()))));
        return Stream.concat(
                shipped,
                Repository.files(FOLDER.resolve("ci"), "-values.yaml").stream().map(Chart::rendering));
    }

    static Rendering rendering(Path values) {
        return new Rendering(values.getFileName().toString(), objects(render(values, Map.of())));
    }

    static List<JsonNode> objects(Map<String, String> settings) {
        return objects(render(null, settings));
    }

    static LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    private static String render(@Nullable Path values, Map<String, String> settings) {
        TemplateCommand template = Helm.template(FOLDER.toString())
                .withName("demo")
                .withNamespace("mailferry")
                .withKubeVersion("1.34.0");
        settings.forEach(template::set);
        if (values != null) {
            template.withValuesFile(values);
        }
        return template.call();
    }

    private static List<JsonNode> objects(String rendered) {
        List<JsonNode> objects = new ArrayList<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(rendered)) {
            while (documents.hasNextValue()) {
                JsonNode document = documents.nextValue();
                if (document != null && document.isObject()) {
                    objects.add(document);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("not the YAML that Kubernetes reads", e);
        }
        return List.copyOf(objects);
    }

    static String component(JsonNode object) {
        return object.at("/metadata/labels").path("app.kubernetes.io/component").asText();
    }

    static Stream<String> texts(JsonNode list, String field) {
        return elements(list).map(element -> element.path(field).asText());
    }

    static Stream<String> fieldNames(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey);
    }

    static Stream<JsonNode> elements(JsonNode list) {
        return list.valueStream();
    }
}
