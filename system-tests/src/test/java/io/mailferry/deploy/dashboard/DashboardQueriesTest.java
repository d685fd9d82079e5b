package io.mailferry.deploy.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DashboardQueriesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            up | up
            sum by (job, state) (rate(a_total{job=~"$job",b!="c_total"}[$__rate_interval])) | a_total
            a_bytes / on (job) group_left (version) b_info | a_bytes b_info
            sum(a_total) - (sum(a_total offset 1h) or 0 * sum(a_total)) > 0 | a_total
            histogram_quantile(0.95, sum by (le) (rate(a_seconds_bucket[5m]))) | a_seconds_bucket
            absent(up{job="a"}) == 1 unless b > 1e3 | up b
            max_over_time(a_items[1h:1m]) and count without (instance) (b_items) | a_items b_items
            """)
    void findsTheMetricsThatAnExpressionNames(String expression, String names) {
        assertThat(PromQl.metricNames(expression))
                .containsExactlyInAnyOrder(names.strip().split(" "));
    }

    @Test
    void readsTheNamesOfSamplesAndNotOfComments() {
        String scrape = """
                # HELP a_total counts
                # TYPE a_total counter
                a_total{outcome="ok, fine"} 1.0
                b_items 2
                # EOF
                """;

        assertThat(DashboardQueries.sampleNames(scrape)).containsExactlyInAnyOrder("a_total", "b_items");
    }

    @Test
    void tellsWhichQueriesNameMetricsThatNobodyHas() {
        DashboardQueries queries = DashboardQueries.committed();

        assertThat(queries.ofPanels()).isNotEmpty();
        assertThat(queries.ofAlerts()).isNotEmpty();
        assertThat(queries.namingUnknownMetrics(List.of("")))
                .containsAll(queries.ofPanels().stream()
                        .filter(query -> query.expression().contains("mailferry_"))
                        .toList());
        String all = String.join(
                "\n",
                queries.ofPanels().stream()
                        .flatMap(query -> query.metricNames().stream())
                        .map(name -> name + "{job=\"a\"} 1")
                        .toList());
        assertThat(queries.namingUnknownMetrics(List.of(all))).doesNotContainAnyElementsOf(queries.ofPanels());
    }

    @Test
    void choosesEverythingWhereGrafanaHasVariables() {
        assertThat(PromQl.withVariables("rate(a_total{job=~\"$job\",x=~\"${tenant:regex}\"}[$__rate_interval])"))
                .isEqualTo("rate(a_total{job=~\".+\",x=~\".+\"}[1m])");
    }
}
