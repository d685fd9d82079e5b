package io.mailferry.simulator.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks at an agent's whole life on the line, from its enrolment until it is refused. Whatever a rule waits for has a
 * deadline; times that the agent must not fall short of are measured where a slow machine can only lengthen them.
 */
public final class Conformance {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
    private static final String FAR = "2999-01-01T00:00:00Z";
    private static final String ENROL_ANEW = "urn:mailferry:problem:enrolAnew";
    private static final long BRISK_MILLIS = 200;
    private static final long INTERVAL_MILLIS = 700;
    private static final int RETRY_AFTER_SECONDS = 1;
    /** An agent that varies its interval by a tenth may come that much sooner; clocks are read at both ends of a line. */
    private static final double EARLIEST = 0.88;

    private final Settings settings;
    private final Verdicts verdicts = new Verdicts();
    private final ObjectMapper mapper = new ObjectMapper();
    private final RecordingProxy proxy;
    private AgentProcess agent;

    /**
     * @param command the agent's command line, with {url}, {token-file} and {folder}
     * @param gateway the address of the gateway
     * @param tokenFile holds an enrolment token that is good for two agents
     * @param folder for what the agents keep
     * @param patience how long anything may take that the agent does of itself
     * @param quiet how long it is watched that an agent which was refused stays quiet
     */
    public record Settings(
            List<String> command, String gateway, Path tokenFile, Path folder, Duration patience, Duration quiet) {
        public Settings {
            command = List.copyOf(command);
        }
    }

    private Conformance(Settings settings, RecordingProxy proxy) throws IOException {
        this.settings = settings;
        this.proxy = proxy;
        this.agent = start("first");
    }

    /**
     * Runs the agent twice, once with a restart, and looks at all that it does.
     *
     * @throws IOException if the agent cannot be started
     */
    public static Verdicts of(Settings settings) throws IOException, InterruptedException {
        try (RecordingProxy proxy = new RecordingProxy(settings.gateway(), BRISK_MILLIS)) {
            Conformance conformance = new Conformance(settings, proxy);
            try {
                conformance.look();
            } finally {
                conformance.agent.close();
            }
            return conformance.verdicts;
        }
    }

    private AgentProcess start(String name) throws IOException {
        return AgentProcess.start(
                settings.command(),
                proxy.url(),
                settings.tokenFile(),
                settings.folder().resolve(name));
    }

    private void look() throws IOException, InterruptedException {
        int first = proxy.number();
        if (enrols(first)) {
            saysItsStatus();
            keepsTheInterval();
            rejectsWhatItDoesNotKnow();
            doesNotBeginWhatIsExpired();
            carriesOutOnce();
            stopsWhatIsCancelled();
            waitsWhenItIsTold(503);
            waitsWhenItIsTold(429);
            goesOnAfterARequestThatWasNotAnswered();
            goesOnAfterARepeatedSequence();
            survivesARestart();
            stopsWhenRefused(401, "about:blank", "stops at 401, and says so");
            new WireRules(verdicts).judge(proxy.calls());
            agent.close();
            stopsWhenClonedAnew();
        }
    }

    private @Nullable Call await(int from, Predicate<Call> fits) throws InterruptedException {
        return proxy.await(from, settings.patience(), fits);
    }

    /** The heartbeat that comes after so many more have been answered. */
    private @Nullable Call beat(int from, int number) throws InterruptedException {
        int[] seen = {0};
        int[] looked = {from};
        return await(from, call -> {
            int index = proxy.calls().indexOf(call);
            if (index >= looked[0]) {
                looked[0] = index + 1;
                seen[0] += call.isHeartbeat() ? 1 : 0;
            }
            return seen[0] >= number;
        });
    }

    private boolean enrols(int from) throws InterruptedException {
        @Nullable Call enrolment = proxy.await(from, STARTS_WITHIN, call -> call.isEnrolment() && call.status() != 0);
        boolean whole = enrolment != null
                && List.of("token", "name", "brand", "version", "bootId").stream()
                        .allMatch(field -> enrolment.body().path(field).isTextual());
        verdicts.that(whole, "enrols with its token", enrolment == null ? "no enrolment came" : "a field is missing");
        boolean enrolled = enrolment != null && enrolment.status() == 201;
        return verdicts.that(
                enrolled,
                "is enrolled by the gateway",
                enrolment == null ? "no enrolment came" : "it was answered " + enrolment.status());
    }

    private void saysItsStatus() throws InterruptedException {
        @Nullable Call first = await(0, Call::isHeartbeat);
        verdicts.that(
                first != null && first.hasStatus(),
                "says its status in full at first",
                first == null ? "no heartbeat came" : "the first heartbeat has none");
        // Once it is known, its hash is enough, and the gateway says when it is known.
        @Nullable Call brief = await(0, call -> call.isHeartbeat() && call.status() == 200 && !call.hasStatus());
        verdicts.that(brief != null, "says an unchanged status by its hash alone", "every heartbeat has its status");
        // A request that is underway may be the one that is answered so.
        int from = Math.max(0, proxy.number() - 1);
        proxy.wantStatus();
        @Nullable
        Call asked = await(
                from,
                call -> call.answer() != null
                        && call.answer().path("fullStatusWanted").asBoolean());
        int after = proxy.number();
        @Nullable Call next = asked == null ? null : beat(proxy.calls().indexOf(asked) + 1, 1);
        verdicts.that(
                next != null && next.hasStatus(),
                "says its status in full when it is asked for",
                "after " + after + " requests the one that was asked for it came without");
    }

    private void keepsTheInterval() throws InterruptedException {
        proxy.interval(INTERVAL_MILLIS);
        @Nullable Call told = beat(proxy.number(), 2);
        int from = proxy.number();
        @Nullable Call last = beat(from, 2);
        proxy.interval(BRISK_MILLIS);
        boolean kept = told != null && last != null;
        List<Call> beats = proxy.calls().subList(from - 1, proxy.number()).stream()
                .filter(Call::isHeartbeat)
                .toList();
        long shortest = Long.MAX_VALUE;
        for (int index = 1; index < beats.size() && beats.get(index - 1).status() == 200; index++) {
            if (!beats.get(index).hasSomethingToTell()) {
                shortest = Math.min(shortest, millisBetween(beats.get(index - 1), beats.get(index)));
            }
        }
        verdicts.that(
                kept && shortest >= INTERVAL_MILLIS * EARLIEST,
                "keeps the interval that it is told",
                kept ? shortest + " ms instead of " + INTERVAL_MILLIS : "no heartbeat came");
    }

    private String problem(String type, int status, String field) {
        return mapper.createObjectNode()
                .put("type", type)
                .put("title", "Not now")
                .put("status", status)
                .put("field", field)
                .toString();
    }

    private static long millisBetween(Call answered, Call next) {
        return (next.receivedNanos() - answered.answeredNanos()) / 1_000_000;
    }

    private String deliver(String type, String expiresAt, ObjectNode payload) {
        String id = UUID.randomUUID().toString();
        proxy.deliver(id, type, expiresAt, payload);
        return id;
    }

    private void rejectsWhatItDoesNotKnow() throws InterruptedException {
        proxy.takeResults(false);
        int from = proxy.number();
        String id = deliver("MakeCoffee", FAR, mapper.createObjectNode());
        @Nullable Call told = await(from, call -> call.ends(id));
        verdicts.that(
                told != null && isRejected(told, id, "unknownType"),
                "rejects a command of a type that it does not know",
                told == null ? "nothing was said of it" : "it was " + told.result(id));
        proxy.withdraw(id);
        int after = proxy.number();
        @Nullable Call third = beat(after, 3);
        boolean repeated = told != null
                && third != null
                && proxy.calls().subList(after, proxy.number()).stream()
                        .filter(Call::isHeartbeat)
                        .allMatch(call -> call.ends(id));
        verdicts.that(repeated, "tells a result until it is taken", "a heartbeat came without the result");
        proxy.takeResults(true);
        @Nullable Call silent = await(proxy.number(), call -> call.isHeartbeat() && !call.ends(id));
        verdicts.that(silent != null, "tells a result no longer once it is taken", "it is told again and again");
    }

    private static boolean isRejected(Call call, String id, String cause) {
        for (var result : call.body().path("results")) {
            if (result.path("commandId").asText().equals(id)
                    && result.path("outcome").asText().equals("rejected")) {
                return result.path("cause").asText().equals(cause);
            }
        }
        return false;
    }

    private void doesNotBeginWhatIsExpired() throws InterruptedException {
        int from = proxy.number();
        String id = deliver(
                "FreezeMapiRetention",
                Instant.EPOCH.plusSeconds(1_600_000_000).toString(),
                mapper.createObjectNode().put("setRef", "no-such-set"));
        @Nullable Call told = await(from, call -> call.ends(id));
        verdicts.that(
                told != null && isRejected(told, id, "expired"),
                "rejects a command that is expired",
                told == null ? "nothing was said of it" : "it was " + told.result(id));
        proxy.withdraw(id);
    }

    private void carriesOutOnce() throws InterruptedException {
        int from = proxy.number();
        String id =
                deliver("FreezeMapiRetention", FAR, mapper.createObjectNode().put("setRef", "no-such-set"));
        @Nullable Call told = await(from, call -> call.ends(id));
        verdicts.that(told != null, "tells how a command ended", "no end was told");
        // Delivered again and again, as when answers of the agent were lost.
        await(proxy.number(), call -> call.isHeartbeat() && call.status() == 200 && !call.ends(id));
        int after = proxy.number();
        beat(after, 3);
        boolean again = proxy.calls().subList(after, proxy.number()).stream()
                .anyMatch(call -> call.lists(id) || call.result(id) != null && !call.ends(id));
        verdicts.that(
                told != null && !again, "carries a command out once, however often it is delivered", "it began again");
        proxy.withdraw(id);
    }

    private void stopsWhatIsCancelled() throws InterruptedException {
        int from = proxy.number();
        String id = deliver("UpgradeAgent", FAR, mapper.createObjectNode().put("minimumVersion", "0.0.1"));
        @Nullable Call begun = await(from, call -> call.lists(id) || call.result(id) != null);
        proxy.cancel(id);
        proxy.cancel(UUID.randomUUID().toString());
        @Nullable Call ended = await(from, call -> call.ends(id));
        String outcome = ended == null
                ? "nothing"
                : String.valueOf(ended.result(id)).replaceAll(".*\"outcome\":\"([a-z]+)\".*", "$1");
        verdicts.that(
                begun != null && (outcome.equals("cancelled") || outcome.equals("succeeded")),
                "stops a command that is cancelled, or tells that it is done",
                "it told " + outcome);
    }

    private void waitsWhenItIsTold(int status) throws InterruptedException {
        proxy.answerNext(new RecordingProxy.Reply(status, problem("about:blank", status, ""), RETRY_AFTER_SECONDS));
        @Nullable Call refused = await(proxy.number(), call -> call.isHeartbeat() && call.status() == status);
        @Nullable Call next = refused == null ? null : beat(proxy.calls().indexOf(refused) + 1, 1);
        long waited = refused == null || next == null ? -1 : millisBetween(refused, next);
        verdicts.that(
                waited >= RETRY_AFTER_SECONDS * 1_000L,
                "waits as long as Retry-After says after " + status,
                waited < 0 ? "no heartbeat came" : "it waited " + waited + " ms of " + RETRY_AFTER_SECONDS + " s");
    }

    private void goesOnAfterARequestThatWasNotAnswered() throws InterruptedException {
        goesOn(new RecordingProxy.Reply(0, "", null), "goes on after a request that was not answered");
    }

    private void goesOnAfterARepeatedSequence() throws InterruptedException {
        goesOn(
                new RecordingProxy.Reply(409, problem("about:blank", 409, "sequence"), null),
                "goes on after a sequence that was there before");
    }

    private void goesOn(RecordingProxy.Reply reply, String rule) throws InterruptedException {
        int from = proxy.number();
        proxy.answerNext(reply);
        @Nullable Call taken = await(from + 1, call -> call.isHeartbeat() && call.status() == 200);
        verdicts.that(taken != null, rule, "no heartbeat was taken after that");
    }

    private void survivesARestart() throws IOException, InterruptedException {
        proxy.takeResults(false);
        String id = deliver("MakeTea", FAR, mapper.createObjectNode());
        await(proxy.number(), call -> call.ends(id));
        proxy.withdraw(id);
        String boot = proxy.calls().getLast().boot();
        agent.kill();
        int from = proxy.number();
        agent = start("first");
        @Nullable Call back = proxy.await(from, STARTS_WITHIN, Call::isHeartbeat);
        boolean enrolled = proxy.calls().subList(from, proxy.number()).stream().anyMatch(Call::isEnrolment);
        verdicts.that(
                back != null && !enrolled,
                "keeps its identity over a restart",
                back == null ? "no heartbeat came" : "it enrolled again");
        verdicts.that(
                back != null && !back.boot().equals(boot),
                "begins a new boot when it starts",
                "the boot is the old one");
        @Nullable Call told = await(from, call -> call.ends(id));
        verdicts.that(told != null, "keeps its results over a restart", "a result that was not taken is lost");
        proxy.takeResults(true);
    }

    private void stopsWhenRefused(int status, String type, String rule) throws IOException, InterruptedException {
        int printed = agent.printed().length();
        proxy.answerNext(new RecordingProxy.Reply(status, problem(type, status, "bootId"), null));
        @Nullable Call refused = await(proxy.number(), call -> call.isHeartbeat() && call.status() == status);
        int after = refused == null ? proxy.number() : proxy.calls().indexOf(refused) + 1;
        @Nullable Call more = proxy.await(after, settings.quiet(), call -> true);
        String said = agent.printed().substring(printed).toLowerCase(Locale.ROOT);
        boolean says = !agent.isAlive() || said.contains("refus") || said.contains("enrol") || said.contains("401");
        verdicts.that(
                refused != null && more == null && says,
                rule,
                refused == null ? "no heartbeat came" : more != null ? "it went on" : "it says nothing of it");
    }

    private void stopsWhenClonedAnew() throws IOException, InterruptedException {
        int from = proxy.number();
        agent = start("second");
        if (proxy.await(from, STARTS_WITHIN, call -> call.isHeartbeat() && call.status() == 200) != null) {
            stopsWhenRefused(409, ENROL_ANEW, "stops when it is to be enrolled anew, and says so");
        } else {
            verdicts.that(false, "stops when it is to be enrolled anew, and says so", "no heartbeat came");
        }
    }
}
