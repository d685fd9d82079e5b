package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.simulator.fleet.Fleet;
import io.mailferry.simulator.fleet.FleetDefinition;
import java.io.IOException;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One agent: a thread that heartbeats, and one for each command that it carries out. A heartbeat that was not answered is
 * sent again with the next sequence; results go along until the answer says that they were taken.
 */
final class SimulatedAgent {
    private static final Logger LOG = Logger.getLogger(SimulatedAgent.class);
    private static final long INTERVAL_MILLIS_MIN = 100;
    private static final long INTERVAL_MILLIS_AT_FIRST = 1_000;
    private static final long RETRY_MILLIS_MAX = 10_000;

    private final Fleet.Running server;
    private final String token;
    private final AgentOptions options;
    private final Gateway gateway;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final Work work;
    private final Report report;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private final Journal journal;
    private final BackupSets backupSets;

    private UUID bootId = UUID.randomUUID();
    private long sequence;
    private @Nullable String agentId;
    private @Nullable Credential credential;
    private boolean renewalDue;
    private @Nullable String hashKnownToGateway;
    private int lastStatus;
    private int failures;
    private long retryAfterMillis;
    private long nextIntervalMillis = INTERVAL_MILLIS_AT_FIRST;
    private boolean wantsToSpeak;
    private boolean paused;
    private volatile boolean stopped;
    private volatile boolean refused;

    SimulatedAgent(
            Fleet.Running server,
            FleetDefinition.Agent definition,
            String token,
            AgentOptions options,
            Gateway gateway,
            JournalFile file,
            ObjectMapper mapper,
            Clock clock) {
        this.server = server;
        this.token = token;
        this.options = options;
        this.gateway = gateway;
        this.mapper = mapper;
        this.clock = clock;
        this.backupSets = new BackupSets(server, clock.instant());
        this.report = new Report(server, definition, backupSets, clock, mapper);
        this.work = new Work(definition.name(), backupSets, report, mapper);
        this.journal = new Journal(file);
        this.agentId = journal.agentId();
        this.credential = journal.credential();
        // The server of an earlier process, with what was done to it then.
        journal.succeeded().forEach(entry -> work.perform(entry.command()));
    }

    void start() {
        journal.running().forEach(entry -> begin(entry.commandId(), entry.attempt(), entry.command()));
        Thread.ofVirtual().name("agent-" + server.definition().name()).start(this::live);
    }

    private void live() {
        while (!stopped && !refused) {
            try {
                if (credential == null) {
                    enrol();
                } else if (renewalDue) {
                    renew(credential);
                } else {
                    heartbeat(credential);
                }
                failures = 0;
                retryAfterMillis = 0;
            } catch (IOException e) {
                // The gateway may be away for as long as it likes: an agent goes on trying, ever more slowly.
                failures++;
                LOG.debugf(
                        "The gateway was not reached server=%s failures=%d",
                        server.definition().name(), failures);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (!rest()) {
                return;
            }
        }
    }

    /** Waits for the interval, or until there is something to say; false if interrupted. */
    private boolean rest() {
        lock.lock();
        try {
            long millis = failures > 0
                    ? Math.max(retryAfterMillis, Math.min(RETRY_MILLIS_MAX, 250L << Math.min(failures, 6)))
                    : Math.max(INTERVAL_MILLIS_MIN, nextIntervalMillis);
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!stopped && (paused || nanos > 0 && (!wantsToSpeak || failures > 0))) {
                if (paused) {
                    woken.await();
                } else {
                    nanos = woken.awaitNanos(nanos);
                }
            }
            wantsToSpeak = false;
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void enrol() throws IOException, InterruptedException {
        ObjectNode body = mapper.createObjectNode();
        body.put("token", token).put("name", report.agentName()).put("brand", report.brand());
        body.put("version", report.version()).put("bootId", bootId.toString());
        Gateway.Answer answer = gateway.post("/enrol", null, body);
        lock.lock();
        try {
            lastStatus = answer.status();
            if (answer.status() == 201) {
                agentId = answer.body().path("agentId").asText();
                journal.identify(agentId, answer.body());
                credential = journal.credential();
                nextIntervalMillis =
                        atMost(answer.body().path("heartbeatIntervalMs").asLong(INTERVAL_MILLIS_AT_FIRST));
                wantsToSpeak = true;
                LOG.infof(
                        "The agent enrolled server=%s agentId=%s",
                        server.definition().name(), agentId);
            } else {
                refuseOrRetry(answer);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The old credential stays good until the new one is used, so a lost answer only means to ask again. */
    private void renew(Credential old) throws IOException, InterruptedException {
        Gateway.Answer answer = gateway.post("/" + agentId + "/credential", old.secret(), mapper.createObjectNode());
        lock.lock();
        try {
            lastStatus = answer.status();
            if (answer.status() == 201) {
                journal.identify(String.valueOf(agentId), answer.body());
                credential = journal.credential();
                renewalDue = false;
                wantsToSpeak = true;
            } else {
                refuseOrRetry(answer);
            }
        } finally {
            lock.unlock();
        }
    }

    private void heartbeat(Credential with) throws IOException, InterruptedException {
        ObjectNode body;
        String hash;
        lock.lock();
        try {
            ObjectNode status = report.status();
            hash = report.hash(status);
            body = mapper.createObjectNode();
            body.put("sequence", ++sequence).put("bootId", bootId.toString());
            body.put("sentAt", clock.instant().toString()).put("statusHash", hash);
            if (!hash.equals(hashKnownToGateway)) {
                body.set("status", status);
            }
            ArrayNode running = body.putArray("running");
            for (Journal.Entry entry : journal.running()) {
                running.addObject()
                        .put("commandId", entry.commandId())
                        .put("attempt", entry.attempt())
                        .put("phase", "working")
                        .put("percent", 50);
            }
            ArrayNode results = body.putArray("results");
            journal.untaken().forEach(result -> result.write(results.addObject()));
        } finally {
            lock.unlock();
        }
        Gateway.Answer answer = gateway.post("/" + agentId + "/heartbeat", with.secret(), body);
        lock.lock();
        try {
            lastStatus = answer.status();
            if (answer.status() == 200) {
                understand(answer.body(), hash);
                renewalDue = with.isDue(answer.body().path("serverTime").asText());
                wantsToSpeak |= renewalDue;
            } else {
                refuseOrRetry(answer);
            }
        } finally {
            lock.unlock();
        }
    }

    private void understand(JsonNode answer, String hashSent) {
        hashKnownToGateway = answer.path("fullStatusWanted").asBoolean() ? null : hashSent;
        wantsToSpeak |= hashKnownToGateway == null;
        nextIntervalMillis = atMost(answer.path("nextIntervalMs").asLong(INTERVAL_MILLIS_AT_FIRST));
        journal.taken(answer.path("resultsTaken"));
        answer.path("cancel").forEach(id -> wantsToSpeak |= journal.cancel(id.asText()));
        answer.path("commands").forEach(this::receive);
    }

    private long atMost(long millis) {
        long max = options.heartbeatMillisMax();
        return max > 0 ? Math.min(millis, max) : millis;
    }

    /** 401, 404 and an order to enrol anew will not get better; another 409 means that this boot is spent. */
    private void refuseOrRetry(Gateway.Answer answer) throws IOException {
        int status = answer.status();
        retryAfterMillis = atMost(answer.retryAfterMillis());
        if (answer.body().path("type").asText().equals("urn:mailferry:problem:enrolAnew")) {
            refuse(status);
            return;
        }
        switch (status) {
            case 401, 403, 404 -> refuse(status);
            case 409 -> {
                boot();
                throw new IOException("The gateway takes this boot for another's");
            }
            default -> {
                LOG.warnf(
                        "The gateway answered an error server=%s status=%d",
                        server.definition().name(), status);
                throw new IOException("The gateway answered " + status);
            }
        }
    }

    private void refuse(int status) {
        refused = true;
        LOG.warnf(
                "The gateway refuses the agent server=%s status=%d",
                server.definition().name(), status);
    }

    private void boot() {
        bootId = UUID.randomUUID();
        sequence = 0;
        hashKnownToGateway = null;
    }

    private void receive(JsonNode delivered) {
        String id = delivered.path("commandId").asText();
        String type = delivered.path("type").asText();
        int attempt = delivered.path("attempt").asInt();
        Journal.Entry known = journal.find(id);
        if (known != null && (known.attempt() >= attempt || known.result() == null)) {
            return;
        }
        wantsToSpeak = true;
        if (known != null && known.result() != null && known.result().outcome().equals("succeeded")) {
            // Done before: a new attempt is told so and changes nothing.
            Result before = known.result();
            journal.finish(new Result(id, attempt, "succeeded", null, before.detail()));
            return;
        }
        journal.accept(id, type, attempt, delivered.path("payload"));
        if (AgentCommand.isPast(delivered.path("expiresAt").asText(""), clock.instant())) {
            journal.finish(new Result(id, attempt, "rejected", "expired", null));
            return;
        }
        AgentCommand command = AgentCommand.read(type, delivered.path("payload"));
        if (command instanceof AgentCommand.Unknown unknown) {
            journal.finish(new Result(id, attempt, "rejected", unknown.cause(), null));
            return;
        }
        begin(id, attempt, command);
    }

    private void begin(String id, int attempt, AgentCommand command) {
        Thread.ofVirtual().name("agent-command").start(() -> carryOut(id, attempt, command));
    }

    private void carryOut(String id, int attempt, AgentCommand command) {
        boolean upgrade = command instanceof AgentCommand.UpgradeAgent;
        try {
            Thread.sleep(upgrade ? options.upgradeMillis() : options.workMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        lock.lock();
        try {
            if (stopped || !journal.isRunning(id, attempt)) {
                return;
            }
            Work.Done done = work.perform(command);
            if (done.restart()) {
                boot();
            }
            journal.finish(new Result(id, attempt, done.outcome(), done.cause(), done.detail()));
            wantsToSpeak = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From now on silent, as if the machine were off; the journal is kept. */
    void pause() {
        lock.lock();
        try {
            paused = true;
        } finally {
            lock.unlock();
        }
    }

    /** Comes back with a new boot. */
    void restart() {
        lock.lock();
        try {
            paused = false;
            boot();
            wantsToSpeak = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Says at once what is new. */
    void wake() {
        lock.lock();
        try {
            wantsToSpeak = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    String serverName() {
        return server.definition().name();
    }

    AgentView view() {
        lock.lock();
        try {
            String state = stopped ? "stopped" : refused ? "refused" : paused ? "paused" : "alive";
            return new AgentView(
                    serverName(),
                    server.tenant().name(),
                    report.version(),
                    agentId,
                    bootId,
                    sequence,
                    state,
                    lastStatus,
                    journal.untaken().size(),
                    journal.views());
        } finally {
            lock.unlock();
        }
    }
}
