package io.mailferry.planner.risk;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.CoverageGap;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.planner.fleet.Agent;
import io.mailferry.planner.fleet.BackupSet;
import io.mailferry.planner.fleet.Server;
import io.mailferry.planner.rule.Announcements;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AssessmentTest {
    private static final Instant PLANNED_AT = Instant.parse("2021-06-01T20:00:00Z");

    private final Assessment assessment = new Assessment(Announcements.bundled(), false);
    private final Assessment early = new Assessment(Announcements.bundled(), true);

    @ParameterizedTest
    @CsvSource({
        "15.0.516.32,UNAFFECTED",
        "15.0.1347.5,UNAFFECTED",
        "15.0.1367.2,UNAFFECTED",
        "15.0.1367.3,DEGRADED",
        "15.00.1367.003,DEGRADED",
        "15.0.1395.4,DEGRADED",
        "15.0.1395.12,DEGRADED",
        "15.0.1473.3,DEGRADED",
        "15.0.1497.1,DEGRADED",
        "15.0.1497.2,BROKEN",
        "15.00.1497.002,BROKEN",
        "Version 15.0 (Build 1497.2),BROKEN",
        "15.0.1497.48,BROKEN",
        "15.0.2000.0,BROKEN",
        "14.3.123.4,UNAFFECTED",
        "15.1.2507.6,UNAFFECTED",
        "15.2.858.5,UNAFFECTED",
    })
    void judgesAMapiSetByItsBuild(String build, Risk expected) {
        Verdict verdict = assess(server(build), "4.1.0", BackupMode.MAPI);

        assertThat(verdict.risk()).isEqualTo(expected);
        assertThat(verdict.asks()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"15.0.1347.5", "15.0.1395.4", "15.0.1497.2"})
    void leavesEwsSetsAlone(String build) {
        assertThat(assess(server(build), "4.3.0", BackupMode.EWS).risk()).isEqualTo(Risk.UNAFFECTED);
    }

    @ParameterizedTest
    @CsvSource({
        "15.0.1347.5,15.0.1497.2,AT_RISK",
        "15.0.1347.5,15.0.1367.3,AT_RISK",
        "15.0.1347.5,15.0.1365.1,UNAFFECTED",
        "15.0.1347.5,15.0.1300.1,UNAFFECTED",
        "15.0.1395.4,15.0.1497.2,DEGRADED",
        "15.0.1497.2,15.0.1497.48,BROKEN",
    })
    void looksAheadAtAPlannedUpdate(String build, String planned, Risk expected) {
        assertThat(assess(server(build, planned), "3.17.0", BackupMode.MAPI).risk())
                .isEqualTo(expected);
    }

    @Test
    void warnsOfCu23InTheSentenceOfADegradedSet() {
        Verdict verdict = assess(server("15.0.1395.4", "15.0.1497.2"), "4.1.0", BackupMode.MAPI);

        assertThat(verdict.sentence())
                .isEqualTo(
                        "On Exchange Server 2013 CU20 to CU22 (15.0.1395.4), public folder items can be neither backed"
                                + " up nor restored by MAPI. An update to CU23 or later is planned, where MAPI jobs stop, and"
                                + " items already backed up by MAPI can no longer be restored to an Exchange 2013 database.");
        assertThat(verdict.rule()).isEqualTo("mapi-exchange-2013-20210331/1");
        assertThat(verdict.facts())
                .containsEntry("build", "15.0.1395.4")
                .containsEntry("agentVersion", "4.1.0")
                .containsEntry("mode", "MAPI")
                .containsEntry("range", "CU20 to CU22")
                .containsEntry("plannedBuild", "15.0.1497.2")
                .containsEntry("plannedAt", PLANNED_AT.toString());
    }

    @Test
    void movesEarlyWherePolicySaysSo() {
        Verdict verdict = early.of(server("15.0.1347.5"), agent("4.1"), set(BackupMode.MAPI));

        assertThat(verdict.risk()).isEqualTo(Risk.AT_RISK);
        assertThat(verdict.sentence()).endsWith("Policy says to move early.");
    }

    @Test
    void asksWhenTheBuildIsMissing() {
        Verdict verdict = assess(
                new Server(
                        TenantId.random(),
                        ServerId.random(),
                        "EX1",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                "4.1.0",
                BackupMode.MAPI);

        assertThat(verdict.risk()).isEqualTo(Risk.UNKNOWN);
        assertThat(verdict.asks().orElseThrow()).contains("Get-ExchangeServer");
    }

    @ParameterizedTest
    @CsvSource({"5.0.0", "9.1", "four"})
    void asksWhenTheAnnouncementSaysNothingOfTheAgent(String version) {
        Verdict verdict = assess(server("15.0.1497.2"), version, BackupMode.MAPI);

        assertThat(verdict.risk()).isEqualTo(Risk.UNKNOWN);
        assertThat(verdict.asks()).isPresent();
    }

    @Test
    void asksWhenTheAgentIsNotKnown() {
        assertThat(assessment
                        .of(server("15.0.1497.2"), Optional.empty(), set(BackupMode.MAPI))
                        .risk())
                .isEqualTo(Risk.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "15.0.1347.5,MAPI,MAPI backs up the 40 items",
        "15.0.1395.4,MAPI,MAPI cannot back up the 40 items of the set's public folders any more",
        "15.0.1497.2,MAPI,MAPI cannot back up the 40 items of the set's public folders any more",
        "15.0.1395.4,EWS,Mailferry's export does not read the 40 items",
        "unreadable,MAPI,Whether MAPI backs up the 40 items",
    })
    void namesPublicFoldersAsUncovered(String build, BackupMode mode, String says) {
        Verdict verdict =
                assessment.of(server(build), agent("4.1.0"), set(mode, Optional.of(new PublicFolders(40, 2_000))));

        assertThat(verdict.sentence()).contains(says);
        assertThat(verdict.uncovered())
                .containsExactly(new Uncovered(CoverageGap.PUBLIC_FOLDERS, 40, 2_000, Uncovered.Cause.NOT_READ_BY_EWS));
    }

    @Test
    void hasNothingUncoveredWhereThereAreNoPublicFolders() {
        Verdict none = assessment.of(
                server("15.0.1395.4"), agent("4.1.0"), set(BackupMode.MAPI, Optional.of(new PublicFolders(0, 0))));

        assertThat(none.uncovered()).isEmpty();
        assertThat(none).isEqualTo(assess(server("15.0.1395.4"), "4.1.0", BackupMode.MAPI));
    }

    private Verdict assess(Server server, String agentVersion, BackupMode mode) {
        return assessment.of(server, agent(agentVersion), set(mode));
    }

    private static Server server(String build) {
        return new Server(
                TenantId.random(),
                ServerId.random(),
                "EX1",
                ExchangeBuild.parse(build),
                Optional.empty(),
                Optional.empty());
    }

    private static Server server(String build, String planned) {
        return new Server(
                TenantId.random(),
                ServerId.random(),
                "EX1",
                ExchangeBuild.parse(build),
                Optional.empty(),
                Optional.of(
                        new Server.PlannedUpdate(ExchangeBuild.parse(planned).orElseThrow(), PLANNED_AT)));
    }

    private static Optional<Agent> agent(String version) {
        return Optional.of(new Agent(AgentId.random(), "CloudBacko Pro", version));
    }

    private static BackupSet set(BackupMode mode) {
        return set(mode, Optional.empty());
    }

    private static BackupSet set(BackupMode mode, Optional<PublicFolders> publicFolders) {
        return new BackupSet(
                BackupSetId.random(),
                ServerId.random(),
                AgentId.random(),
                "Mail",
                mode,
                true,
                true,
                0,
                0,
                1,
                publicFolders);
    }
}
