package io.mailferry.planner.risk;

import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.planner.fleet.Agent;
import io.mailferry.planner.fleet.BackupSet;
import io.mailferry.planner.fleet.Server;
import io.mailferry.planner.rule.AgentRule;
import io.mailferry.planner.rule.AgentVersion;
import io.mailferry.planner.rule.Announcement;
import io.mailferry.planner.rule.Announcements;
import io.mailferry.planner.rule.BuildRange;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Judges one backup set by the announcements. A pure function of its facts. */
final class Assessment {
    private static final String NO_RULE_MODE = "mode-is-ews";
    private static final String NO_RULE_PRODUCT = "no-announcement-for-product";
    private static final String NO_RULE_BUILD = "build-is-unknown";

    private final Announcements announcements;
    private final boolean moveEarly;

    Assessment(Announcements announcements, boolean moveEarly) {
        this.announcements = announcements;
        this.moveEarly = moveEarly;
    }

    Verdict of(Server server, Optional<Agent> agent, BackupSet set) {
        Verdict verdict = ofMail(server, agent, set);
        List<Uncovered> uncovered = Uncovered.of(set);
        StringBuilder sentence = new StringBuilder(verdict.sentence());
        uncovered.forEach(part -> sentence.append(' ').append(says(part, set.mode(), verdict.risk())));
        return new Verdict(
                verdict.risk(), verdict.rule(), verdict.facts(), sentence.toString(), verdict.asks(), uncovered);
    }

    private static String says(Uncovered part, BackupMode mode, Risk risk) {
        String what = "the " + part.items() + " items of the set's "
                + part.part().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        boolean byMapi = mode == BackupMode.MAPI;
        return switch (risk) {
            case UNAFFECTED, AT_RISK ->
                byMapi
                        ? "MAPI backs up " + what + "; Mailferry's export does not read them."
                        : "Mailferry's export does not read " + what + ".";
            case DEGRADED, BROKEN ->
                "MAPI cannot back up " + what + " any more, and Mailferry's export does not read them.";
            case UNKNOWN ->
                "Whether MAPI backs up " + what + " is not known, and Mailferry's export does not read them.";
        };
    }

    private Verdict ofMail(Server server, Optional<Agent> agent, BackupSet set) {
        Map<String, String> facts = facts(server, agent, set);
        if (set.mode() == BackupMode.EWS) {
            return verdict(Risk.UNAFFECTED, NO_RULE_MODE, facts, "The set is in EWS backup mode already.");
        }
        if (server.build().isEmpty()) {
            return asking(
                    NO_RULE_BUILD,
                    facts,
                    "Nobody could say which build the server runs, so nothing is known of its MAPI backup.",
                    "Run Get-ExchangeServer | Format-List Name, Edition, AdminDisplayVersion on the server and see that"
                            + " the agent can read the build.");
        }
        ExchangeBuild build = server.build().get();
        Optional<Announcement> about = announcements.about(build);
        if (about.isEmpty()) {
            return verdict(
                    Risk.UNAFFECTED,
                    NO_RULE_PRODUCT,
                    facts,
                    "No announcement is about this version of Exchange (" + build + ").");
        }
        return byAgent(about.get(), build, server, agent, facts);
    }

    private Verdict byAgent(
            Announcement announcement,
            ExchangeBuild build,
            Server server,
            Optional<Agent> agent,
            Map<String, String> facts) {
        BuildRange range = announcement.rangeOf(build);
        facts.put("range", range.name());
        Optional<AgentRule> rule = agent.flatMap(known -> announcement.agentsOf(known.brand()));
        Optional<AgentVersion> version = agent.flatMap(known -> AgentVersion.parse(known.version()));
        if (rule.isEmpty() || version.isEmpty() || !rule.get().covers(version.get())) {
            return asking(
                    announcement.name(),
                    facts,
                    "The announcement does not say what this agent does on " + place(announcement, range, build) + ".",
                    "See which brand and version the agent is, and what its vendor says of it.");
        }
        return byEffect(announcement, range, build, server, facts);
    }

    private Verdict byEffect(
            Announcement announcement,
            BuildRange range,
            ExchangeBuild build,
            Server server,
            Map<String, String> facts) {
        String place = place(announcement, range, build);
        String rule = announcement.name();
        Optional<BuildRange> ahead = server.plannedUpdate()
                .map(Server.PlannedUpdate::build)
                .filter(planned -> announcement.isAbout(planned) && planned.compareTo(build) > 0)
                .map(announcement::rangeOf)
                .filter(planned -> planned.effect().isWorseThan(range.effect()));
        String warning = ahead.map(
                        planned -> " An update to " + planned.name() + " is planned, where " + planned.says() + ".")
                .orElse("");
        String now = "On " + place + ", " + range.says() + "." + warning;
        return switch (range.effect()) {
            case STOPS -> verdict(Risk.BROKEN, rule, facts, now);
            case LOSES_PUBLIC_FOLDERS -> verdict(Risk.DEGRADED, rule, facts, now);
            case WORKS -> {
                if (ahead.isPresent()) {
                    yield verdict(Risk.AT_RISK, rule, facts, now);
                }
                yield moveEarly
                        ? verdict(Risk.AT_RISK, rule, facts, now + " Policy says to move early.")
                        : verdict(Risk.UNAFFECTED, rule, facts, now);
            }
        };
    }

    private static String place(Announcement announcement, BuildRange range, ExchangeBuild build) {
        return announcement.product() + " " + range.name() + " (" + build + ")";
    }

    private static Map<String, String> facts(Server server, Optional<Agent> agent, BackupSet set) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("mode", set.mode().name());
        server.build().ifPresent(build -> facts.put("build", build.toString()));
        agent.ifPresent(known -> {
            facts.put("brand", known.brand());
            facts.put("agentVersion", known.version());
        });
        server.plannedUpdate().ifPresent(update -> {
            facts.put("plannedBuild", update.build().toString());
            facts.put("plannedAt", update.at().toString());
        });
        return facts;
    }

    private static Verdict verdict(Risk risk, String rule, Map<String, String> facts, String sentence) {
        return new Verdict(risk, rule, facts, sentence, Optional.empty(), List.of());
    }

    private static Verdict asking(String rule, Map<String, String> facts, String sentence, String asks) {
        return new Verdict(Risk.UNKNOWN, rule, facts, sentence, Optional.of(asks), List.of());
    }
}
