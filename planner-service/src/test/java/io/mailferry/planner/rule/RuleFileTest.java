package io.mailferry.planner.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.contracts.exchange.ExchangeBuild;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuleFileTest {
    private static final String GOOD = """
            rule: sample
            version: 1
            source: a page
            product: Exchange Server 2013
            builds: "15.0"
            agents:
              - brand: Blue Label
                affected: [7]
                ews-from: "7.5"
              - brand: any
                affected: [1, 2, 3, 4]
                ews-from: "4.3"
            ranges:
              - name: before CU20
                from: 15.0.0.0
                below: 15.00.1367.003
                effect: works
                says: it works
              - name: later
                from: 15.0.1367.3
                effect: stops
                says: it stops
            remedy: move
            """;

    @Test
    void readsRangesAndBrands() {
        Announcement announcement = RuleFile.read("sample.yaml", new StringReader(GOOD));

        assertThat(announcement.name()).isEqualTo("sample/1");
        assertThat(announcement.rangeOf(build("15.0.1367.2")).effect()).isEqualTo(MapiEffect.WORKS);
        assertThat(announcement.rangeOf(build("15.0.1367.3")).effect()).isEqualTo(MapiEffect.STOPS);
        assertThat(announcement.agentsOf("blue label").orElseThrow().ewsFrom()).isEqualTo(new AgentVersion(7, 5, 0));
        assertThat(announcement.agentsOf("whoever").orElseThrow().ewsFrom()).isEqualTo(new AgentVersion(4, 3, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    from: 15.0.1367.3   | from: 15.0.1367.2  | sample.yaml, line 20: this range overlaps the one before; let it begin at 15.0.1367.3
                    from: 15.0.1367.3   | from: 15.0.1368.0  | sample.yaml, line 20: there is a gap before this range; let it begin at 15.0.1367.3
                    from: 15.0.1367.3   | from: CU20         | sample.yaml, line 20: the build cannot be read; write it as 15.00.1497.002
                    from: 15.0.0.0      | from: 15.0.2.0     | sample.yaml, line 15: there is a gap before this range; let it begin at 15.0.0.0
                    below: 15.00.1367.003 | below: 14.0.0.0  | sample.yaml, line 16: the range is empty; let it end behind 15.0.0.0
                    effect: stops       | effect: explodes   | sample.yaml, line 21: this effect is not known; use works, loses-public-folders or stops
                    effect: stops       | efect: stops       | sample.yaml, line 21: "efect" is not known; use one of name, from, below, effect, says
                    version: 1          | version: one       | sample.yaml, line 2: a whole number is expected; write one, such as 4
                    brand: Blue Label   | brand: any         | sample.yaml, line 10: an earlier entry already covers this brand; put "any" last, once
                    remedy: move        | remedi: move       | "remedi" is not known
                    source: a page      | source: [a         | this is not YAML
                    """)
    void refusesAWrongFileWithItsLineAndARemedy(String good, String bad, String message) {
        assertThatThrownBy(() -> RuleFile.read("sample.yaml", new StringReader(GOOD.replace(good, bad))))
                .isInstanceOf(RuleFileInvalid.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesALastRangeWithAnEnd() {
        String ended = GOOD.replace("    effect: stops", "    below: 15.0.2000.0\n    effect: stops");

        assertThatThrownBy(() -> RuleFile.read("sample.yaml", new StringReader(ended)))
                .hasMessageContaining("builds from 15.0.2000.0 on are in no range");
    }

    @Test
    void refusesTwoAnnouncementsForOneProduct(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.yaml"), GOOD);
        Files.writeString(folder.resolve("b.yaml"), GOOD.replace("rule: sample", "rule: other"));

        assertThatThrownBy(() -> Announcements.inDirectory(folder))
                .hasMessageContaining("b.yaml")
                .hasMessageContaining("rule sample/1 is about the same product");
    }

    @Test
    void refusesAFolderWithoutRules(@TempDir Path folder) {
        assertThatThrownBy(() -> Announcements.inDirectory(folder)).hasMessageContaining("holds no *.yaml file");
    }

    @ParameterizedTest
    @CsvSource({"4.3,4.3", "4.3.1,4.3.1", "v3.17.0,3.17", "4.1.0.24,4.1", "4.3.0-rc1,4.3", "3.x,3.0"})
    void readsAgentVersions(String text, String expected) {
        assertThat(AgentVersion.parse(text).orElseThrow()).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"four", "4", "''", "4..3", "999999.1"})
    void readsNothingIntoATextThatIsNoVersion(String text) {
        assertThat(AgentVersion.parse(text)).isEmpty();
    }

    private static ExchangeBuild build(String text) {
        return ExchangeBuild.parse(text).orElseThrow();
    }
}
