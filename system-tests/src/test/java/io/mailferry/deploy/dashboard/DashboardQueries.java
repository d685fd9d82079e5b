package io.mailferry.deploy.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.mailferry.deploy.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every query of every dashboard and alert that is committed. */
public final class DashboardQueries {
    /** Prometheus' own, which no service exposes. */
    private static final Set<String> PROMETHEUS = Set.of("up", "scrape_duration_seconds");

    /**
     * @param place where it is written, for a person: dashboard and panel, or the alert
     * @param expression the PromQL as committed, with Grafana's variables in it
     */
    public record Query(String place, String expression) {
        Set<String> metricNames() {
            return PromQl.metricNames(expression);
        }

        @Override
        public String toString() {
            return place + ": " + expression;
        }
    }

    private final List<Query> panels;
    private final List<Query> alerts;

    private DashboardQueries(List<Query> panels, List<Query> alerts) {
        this.panels = panels;
        this.alerts = alerts;
    }

    /** Those in {@code deploy/grafana} and {@code deploy/prometheus}. */
    public static DashboardQueries committed() {
        List<Query> panels = new ArrayList<>();
        for (Path file : dashboardFiles()) {
            JsonNode dashboard = json(Repository.text(file));
            panels(dashboard)
                    .forEach(panel -> panel.path("targets")
                            .forEach(target -> panels.add(new Query(
                                    dashboard.path("title").asText() + " / "
                                            + panel.path("title").asText(),
                                    target.path("expr").asText()))));
        }
        List<Query> alerts = new ArrayList<>();
        rules().forEach(rule -> alerts.add(new Query(
                "alert " + rule.path("alert").asText(), rule.path("expr").asText())));
        return new DashboardQueries(List.copyOf(panels), List.copyOf(alerts));
    }

    /** The queries of panels, which must return data. */
    public List<Query> ofPanels() {
        return panels;
    }

    public List<Query> ofAlerts() {
        return alerts;
    }

    /**
     * The queries of panels and alerts that name a metric which none of the services has.
     *
     * @param scrapes the text of each service's {@code /q/metrics}
     */
    public List<Query> namingUnknownMetrics(Collection<String> scrapes) {
        Set<String> known = new TreeSet<>(PROMETHEUS);
        scrapes.forEach(scrape -> known.addAll(sampleNames(scrape)));
        return Stream.concat(panels.stream(), alerts.stream())
                .filter(query -> !known.containsAll(query.metricNames()))
                .toList();
    }

    /** The names of the samples in a scrape, in Prometheus' or the OpenMetrics text form. */
    static Set<String> sampleNames(String scrape) {
        Set<String> names = new TreeSet<>();
        scrape.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("[{\\s]", 2)[0])
                .forEach(names::add);
        return names;
    }

    static List<Path> dashboardFiles() {
        return Repository.files(Repository.path("deploy/chart/mailferry/files/grafana"), ".json");
    }

    /** The panels of a dashboard that show something, also those within rows. */
    static Stream<JsonNode> panels(JsonNode dashboard) {
        return stream(dashboard.path("panels"))
                .flatMap(panel -> Stream.concat(Stream.of(panel), stream(panel.path("panels"))))
                .filter(panel -> !panel.path("type").asText().equals("row"));
    }

    static Stream<JsonNode> rules() {
        return Repository.files(Repository.path("deploy/chart/mailferry/files/prometheus"), "-rules.yaml").stream()
                .flatMap(file -> stream(yaml(Repository.text(file)).path("groups")))
                .flatMap(group -> stream(group.path("rules")));
    }

    static JsonNode json(String text) {
        return parse(new ObjectMapper(), text);
    }

    private static JsonNode yaml(String text) {
        return parse(new YAMLMapper(), text);
    }

    private static JsonNode parse(ObjectMapper mapper, String text) {
        try {
            return mapper.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not readable", e);
        }
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return list.valueStream();
    }
}
