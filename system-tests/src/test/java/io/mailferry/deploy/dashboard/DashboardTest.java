package io.mailferry.deploy.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.deploy.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DashboardTest {
    /** Labels whose values grow with what is stored or exchanged. */
    private static final Set<String> UNBOUNDED = Set.of(
            "mailbox", "mailboxId", "item", "plan", "command", "attempt", "page", "address", "exception", "error");

    static Stream<Path> dashboards() {
        return DashboardQueries.dashboardFiles().stream();
    }

    @Test
    void isThere() {
        assertThat(Repository.path("deploy/grafana/mailferry-overview.json")).isRegularFile();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void keepsItsIdentityAndChoosesItsDatasource(Path file) {
        JsonNode dashboard = DashboardQueries.json(Repository.text(file));

        assertThat(dashboard.path("uid").asText() + ".json")
                .isEqualTo(file.getFileName().toString());
        assertThat(dashboard.path("id").isMissingNode()).isTrue();
        assertThat(dashboard.path("title").asText()).isNotEmpty();
        assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
        assertThat(dashboard.path("timezone").asText()).isEqualTo("utc");
        assertThat(dashboard.at("/templating/list"))
                .anyMatch(variable -> variable.path("type").asText().equals("datasource")
                        && variable.path("name").asText().equals("datasource"));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void explainsEveryPanelAndNamesItsUnit(Path file) {
        List<JsonNode> panels = DashboardQueries.panels(DashboardQueries.json(Repository.text(file)))
                .toList();

        assertThat(panels).isNotEmpty();
        assertThat(panels).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
        assertThat(panels).extracting(panel -> panel.path("title").asText()).doesNotHaveDuplicates();
        assertThat(panels).allSatisfy(panel -> {
            String title = panel.path("title").asText();
            assertThat(title).isNotEmpty();
            assertThat(panel.path("description").asText()).as(title).isNotEmpty();
            assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                    .as(title)
                    .isNotEmpty();
            assertThat(panel.at("/datasource/uid").asText()).as(title).isEqualTo("${datasource}");
            assertThat(panel.path("targets")).as(title).isNotEmpty();
            assertThat(panel.path("targets")).as(title).allSatisfy(target -> {
                assertThat(target.path("expr").asText()).isNotEmpty();
                assertThat(target.path("legendFormat").asText()).isNotEmpty();
            });
        });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void placesPanelsWithoutOverlap(Path file) {
        List<JsonNode> places = DashboardQueries.json(Repository.text(file))
                .path("panels")
                .valueStream()
                .map(panel -> panel.path("gridPos"))
                .toList();
        for (int i = 0; i < places.size(); i++) {
            assertThat(places.get(i).path("x").asInt() + places.get(i).path("w").asInt())
                    .isLessThanOrEqualTo(24);
            for (int j = i + 1; j < places.size(); j++) {
                assertThat(overlap(places.get(i), places.get(j)))
                        .as("%s and %s", places.get(i), places.get(j))
                        .isFalse();
            }
        }
    }

    @Test
    void groupsByBoundedLabelsOnly() {
        assertThat(DashboardQueries.committed().ofPanels())
                .allSatisfy(query -> assertThat(UNBOUNDED)
                        .noneMatch(label -> query.expression().matches(".*\\bby\\s*\\([^)]*\\b" + label + "\\b.*")));
    }

    private static boolean overlap(JsonNode one, JsonNode other) {
        return one.path("x").asInt() < other.path("x").asInt() + other.path("w").asInt()
                && other.path("x").asInt()
                        < one.path("x").asInt() + one.path("w").asInt()
                && one.path("y").asInt()
                        < other.path("y").asInt() + other.path("h").asInt()
                && other.path("y").asInt()
                        < one.path("y").asInt() + one.path("h").asInt();
    }
}
