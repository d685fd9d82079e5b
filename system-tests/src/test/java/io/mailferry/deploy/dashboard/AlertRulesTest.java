package io.mailferry.deploy.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.deploy.Repository;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class AlertRulesTest {
    @Test
    void saysForEveryAlertHowBadItIsAndWhatToDo() {
        List<JsonNode> rules = DashboardQueries.rules().toList();

        assertThat(rules).isNotEmpty();
        assertThat(rules).allSatisfy(rule -> {
            String name = rule.path("alert").asText();
            assertThat(rule.at("/labels/severity").asText()).as(name).isIn("critical", "warning", "info");
            assertThat(rule.at("/annotations/summary").asText()).as(name).isNotEmpty();
            assertThat(rule.at("/annotations/description").asText()).as(name).isNotEmpty();
            assertThat(rule.at("/annotations/runbook_url").asText())
                    .as(name)
                    .endsWith("/docs/runbooks/" + name + ".md");
            assertThat(rule.path("for").asText()).as(name).isNotEmpty();
        });
    }

    @Test
    void hasOneRunbookForEachAlert() {
        Set<String> alerts = DashboardQueries.rules()
                .map(rule -> rule.path("alert").asText() + ".md")
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> runbooks = Repository.files(Repository.path("docs/runbooks"), ".md").stream()
                .map(file -> file.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(runbooks).isEqualTo(alerts);
        assertThat(Repository.files(Repository.path("docs/runbooks"), ".md"))
                .allSatisfy(file -> assertThat(Repository.text(file)).contains("## What it means", "## Look", "## Do"));
    }

    @Test
    void watchesThatEveryServiceIsScraped() {
        JsonNode absent = DashboardQueries.rules()
                .filter(rule -> rule.path("alert").asText().equals("MetricsAbsent"))
                .findFirst()
                .orElseThrow();

        assertThat(Repository.SERVICES)
                .allSatisfy(service -> assertThat(absent.path("expr").asText()).contains(service));
    }
}
