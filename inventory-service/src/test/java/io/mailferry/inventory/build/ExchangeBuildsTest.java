package io.mailferry.inventory.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.exchange.ExchangeBuild;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeBuildsTest {
    private final ExchangeBuilds builds = new ExchangeBuilds();

    @ParameterizedTest
    @ValueSource(strings = {"15.00.1497.048", "15.0.1497.48", "Version 15.0 (Build 1497.48)"})
    void namesAKnownBuildInEachShape(String shape) {
        NamedBuild named = name(shape);

        assertThat(named)
                .isEqualTo(new NamedBuild(
                        "15.0.1497.48",
                        "Exchange Server 2013",
                        "CU23 Mar23SU",
                        true,
                        null,
                        true,
                        LocalDate.of(2023, 3, 14)));
        assertThat(named).hasToString("Exchange Server 2013 CU23 Mar23SU");
    }

    /** Classified by number: what lies within a cumulative update is that one with something on top, and nothing else. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    15.0.1395.7   | Exchange Server 2013 | CU21 + SU, nearest CU21                  | 15.0.1395.4   | true
                    15.0.1395.13  | Exchange Server 2013 | CU21 + SU, nearest CU21 Mar21SU          | 15.0.1395.12  | true
                    15.0.1497.99  | Exchange Server 2013 | CU23 + SU, nearest CU23 Mar23SU          | 15.0.1497.48  | true
                    15.0.1400.1   | Exchange Server 2013 | unknown update, nearest CU21 Mar21SU     | 15.0.1395.12  | false
                    15.0.1600.1   | Exchange Server 2013 | unknown update, nearest CU23 Mar23SU     | 15.0.1497.48  | false
                    15.2.1258.50  | Exchange Server 2019 | CU13 + SU, nearest CU13 Nov24SUv2        | 15.2.1258.39  | true
                    15.2.9999.1   | Exchange Server SE   | unknown update, nearest RTM Aug26SU      | 15.2.2562.46  | false
                    15.0.1.1      | Exchange Server 2013 | older than any known build               |               | false
                    8.3.83.6      | Exchange Server      | older than any known build               |               | false
                    15.9.1.1      | Exchange Server      | older than any known build               |               | false
                    """)
    void namesAnUnknownBuildByItsNearestLowerNeighbour(
            String build, String product, String update, String nearest, boolean securityUpdate) {
        NamedBuild named = name(build);

        assertThat(named.known()).isFalse();
        assertThat(named.product()).isEqualTo(product);
        assertThat(named.update()).isEqualTo(update);
        assertThat(named.nearest()).isEqualTo(nearest);
        assertThat(named.securityUpdate()).isEqualTo(securityUpdate);
    }

    @Test
    void tellsSecurityUpdatesFromCumulativeOnes() {
        assertThat(name("15.0.1497.2").securityUpdate()).isFalse();
        assertThat(name("15.0.1497.12").securityUpdate()).isTrue();
        assertThat(name("15.2.2562.27").securityUpdate()).as("a hotfix").isTrue();
        assertThat(name("14.1.289.7").securityUpdate()).as("SP1 RU3v3").isFalse();
    }

    @Test
    void holdsTheWholeCatalogueOnceOldestFirst() {
        assertThat(builds.all()).hasSize(292).extracting(NamedBuild::build).doesNotHaveDuplicates();
        assertThat(builds.all().getFirst()).hasToString("Exchange Server 2010 RTM");
        assertThat(builds.all()).allMatch(NamedBuild::known);
    }

    private NamedBuild name(String shape) {
        return builds.name(ExchangeBuild.parse(shape).orElseThrow());
    }
}
