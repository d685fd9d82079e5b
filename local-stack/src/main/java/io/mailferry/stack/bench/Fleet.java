package io.mailferry.stack.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.stack.StackFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The simulated agents: each has one server, one MAPI set and five mailboxes, and remembers what it has told, so that the
 * inventory can be held against it.
 */
final class Fleet {
    private static final int AGENTS_PER_TENANT = 250;
    private static final int TENANTS_MIN = 4;
    static final int MAILBOXES = 5;
    private static final long USED_BASE = 1_000_000_000L;
    private static final long PAUSE_MILLIS = 100;
    private static final int ROUNDS_MAX = 20;
    /** Agents that enrol at once; each takes a connection to PostgreSQL, and those of one tenant wait for each other. */
    private static final int ENROLLING = 12;
    /** Agents that tell their status at once. */
    private static final int TELLING = 128;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final RestClient inventory;
    private final List<Agent> agents = new ArrayList<>();
    private final Map<String, List<Agent>> byTenant = new HashMap<>();

    private static final class Agent {
        private final int number;
        private final String token;
        private final String boot = UUID.randomUUID().toString();
        private final String[] guids = new String[MAILBOXES];
        private String id = "";
        private String credential = "";
        private long sequence;
        /** Of the status that the gateway said it has; rises with each change. */
        private long version;
        /** Of the heartbeat that bore it. */
        private long toldSequence;
        /** Whether the next version was told and refused, and so may be known or not. */
        private boolean isInDoubt;

        private Agent(int number, String token) {
            this.number = number;
            this.token = token;
            for (int mailbox = 0; mailbox < MAILBOXES; mailbox++) {
                guids[mailbox] = UUID.randomUUID().toString();
            }
        }

        private void hasTold() {
            version++;
            toldSequence = sequence;
            isInDoubt = false;
        }
    }

    private Fleet(RestClient inventory) {
        this.inventory = inventory;
    }

    /** Makes tenants and tokens for so many agents, which are not enrolled yet. */
    static Fleet of(RestClient inventory, int count) {
        Fleet fleet = new Fleet(inventory);
        int tenants = Math.max(TENANTS_MIN, (count + AGENTS_PER_TENANT - 1) / AGENTS_PER_TENANT);
        int each = (count + tenants - 1) / tenants;
        List<String> ids = new ArrayList<>();
        List<String> tokens = new ArrayList<>();
        for (int tenant = 0; tenant < tenants; tenant++) {
            String id = inventory.text(
                    inventory.post(
                            "/tenants", RestClient.body().put("name", "Bench " + count + " no. " + (tenant + 1))),
                    "tenant");
            ids.add(id);
            tokens.add(inventory.text(
                    inventory.post(
                            "/tenants/" + id + "/enrolment-tokens",
                            RestClient.body().put("uses", each)),
                    "token"));
        }
        // The tenants' agents take turns, so that those who enrol at once do not all wait for one token.
        for (int number = 0; number < count; number++) {
            Agent agent = new Agent(number, tokens.get(number % tenants));
            fleet.byTenant
                    .computeIfAbsent(ids.get(number % tenants), unused -> new ArrayList<>())
                    .add(agent);
            fleet.agents.add(agent);
        }
        return fleet;
    }

    int size() {
        return agents.size();
    }

    /** Enrols every agent and tells its first status, however often the service says to come again. */
    void begin(Load load, Duration deadline) {
        each(load, deadline, ENROLLING, agents, Fleet::introduction, Fleet::enrolled);
        each(load, deadline, TELLING, agents, Fleet::change, (agent, body) -> agent.hasTold());
    }

    /** Tells again what was refused: it may have been kept all the same. */
    void settle(Load load, Duration deadline) {
        List<Agent> doubtful = agents.stream().filter(agent -> agent.isInDoubt).toList();
        each(load, deadline, TELLING, doubtful, Fleet::change, (agent, body) -> agent.hasTold());
    }

    /** The sequence of the last heartbeat with a status of each agent. */
    Map<String, Long> told() {
        Map<String, Long> told = new HashMap<>();
        agents.forEach(agent -> told.put(agent.id, agent.toldSequence));
        return told;
    }

    private static void each(
            Load load,
            Duration deadline,
            int underwayMax,
            List<Agent> all,
            Function<Agent, byte[]> request,
            BiConsumer<Agent, byte[]> taken) {
        Deque<Agent> waiting = new ArrayDeque<>(all);
        Map<Integer, Agent> asked = new HashMap<>();
        Talk talk = new Talk() {
            @Override
            public byte[] next(int line) {
                Agent agent = waiting.remove();
                asked.put(line, agent);
                return request.apply(agent);
            }

            @Override
            public void heard(int line, int status, byte[] body) {
                @Nullable Agent agent = asked.remove(line);
                if (agent == null) {
                    throw new IllegalStateException("an answer without a request");
                }
                if (status / 100 == 2) {
                    taken.accept(agent, body);
                } else {
                    waiting.add(agent);
                }
            }
        };
        for (int round = 0; !waiting.isEmpty(); round++) {
            if (round == ROUNDS_MAX) {
                throw new StackFailure(waiting.size() + " agents were told to come again " + ROUNDS_MAX + " times.");
            }
            load.run(talk, Pace.once(underwayMax, waiting.size(), deadline));
        }
    }

    private static byte[] introduction(Agent agent) {
        return Load.post(
                "/api/v1/agents/enrol",
                "",
                "{\"token\":\"" + agent.token + "\",\"name\":\"bench-" + agent.number
                        + "\",\"brand\":\"Acme Backup\",\"version\":\"4.1.0\",\"bootId\":\"" + agent.boot + "\"}");
    }

    private static void enrolled(Agent agent, byte[] body) {
        try {
            JsonNode answer = MAPPER.readTree(body);
            agent.id = answer.path("agentId").asText();
            agent.credential = answer.path("credential").asText();
        } catch (IOException e) {
            throw new StackFailure("inventory-service answered an enrolment with something that is no JSON.", e);
        }
    }

    private static byte[] change(Agent agent) {
        long version = agent.version + 1;
        return Load.post(
                path(agent, "heartbeat"),
                agent.credential,
                head(agent, version) + ",\"status\":" + status(agent, version) + "}");
    }

    /** Heartbeats that say that nothing changed. */
    Talk unchanged() {
        return new Talk() {
            @Override
            public byte[] next(int line) {
                Agent agent = agents.get(line);
                return Load.post(path(agent, "heartbeat"), agent.credential, head(agent, agent.version) + "}");
            }

            @Override
            public void heard(int line, int status, byte[] body) {
                // The next one is sent whatever is said: nothing is to be told.
            }
        };
    }

    /** Heartbeats of which each has one figure of its set and one of its mailboxes changed. */
    Talk changed() {
        return new Talk() {
            @Override
            public byte[] next(int line) {
                return change(agents.get(line));
            }

            @Override
            public void heard(int line, int status, byte[] body) {
                Agent agent = agents.get(line);
                if (status == 200) {
                    agent.hasTold();
                } else {
                    agent.isInDoubt = true;
                }
            }
        };
    }

    /** The same requests to the endpoint that only authenticates and answers. */
    Talk bare() {
        return new Talk() {
            @Override
            public byte[] next(int line) {
                Agent agent = agents.get(line);
                return Load.post(path(agent, "bare"), agent.credential, head(agent, agent.version) + "}");
            }

            @Override
            public void heard(int line, int status, byte[] body) {
                // Nothing is said.
            }
        };
    }

    private static String path(Agent agent, String last) {
        return "/api/v1/agents/" + agent.id + "/" + last;
    }

    private static String head(Agent agent, long version) {
        return "{\"sequence\":" + ++agent.sequence + ",\"bootId\":\"" + agent.boot + "\",\"sentAt\":\"" + Instant.now()
                + "\",\"statusHash\":\"v" + version + "\",\"running\":[],\"results\":[]";
    }

    private static String status(Agent agent, long version) {
        StringBuilder text = new StringBuilder(1_200);
        text.append("{\"agent\":{\"brand\":\"Acme Backup\",\"version\":\"4.1.0\"},\"server\":{\"name\":\"EX-")
                .append(agent.number)
                .append(
                        "\",\"build\":\"Version 15.0 (Build 1473.3)\"},\"backupSets\":[{\"ref\":\"set\",\"name\":\"Mail\",")
                .append(
                        "\"mode\":\"MAPI\",\"scheduleEnabled\":true,\"retentionEnabled\":true,\"quotaBytes\":107374182400,")
                .append("\"usedBytes\":")
                .append(USED_BASE + version)
                .append(",\"mailboxes\":[");
        for (int mailbox = 0; mailbox < MAILBOXES; mailbox++) {
            text.append(mailbox == 0 ? "{" : ",{")
                    .append("\"exchangeGuid\":\"")
                    .append(agent.guids[mailbox])
                    .append("\",\"address\":\"user-")
                    .append(mailbox)
                    .append('@')
                    .append(agent.number)
                    .append(".example\",\"items\":")
                    .append(items(mailbox, version))
                    .append(",\"bytes\":2147483648}");
        }
        return text.append("]}]}").toString();
    }

    private static long items(int mailbox, long version) {
        return mailbox == 0 ? version : 10_412;
    }

    /**
     * Returns when the inventory, by its REST, holds of every agent exactly what it told last.
     *
     * @throws StackFailure if it does not within the deadline; says of how many agents
     */
    void awaitInventory(Duration deadline) {
        long until = System.nanoTime() + deadline.toNanos();
        for (Map.Entry<String, List<Agent>> tenant : byTenant.entrySet()) {
            while (!holds(tenant.getKey(), tenant.getValue())) {
                if (System.nanoTime() > until) {
                    throw new StackFailure("The inventory is not what the agents told, " + deadline.toSeconds()
                            + " s after the last heartbeat.");
                }
                pause();
            }
        }
    }

    private boolean holds(String tenant, List<Agent> told) {
        Map<String, Long> used = new HashMap<>();
        for (JsonNode set : inventory.list("/tenants/" + tenant + "/backup-sets")) {
            if (set.path("mailboxes").asInt() == MAILBOXES) {
                used.put(set.path("agentId").asText(), set.path("usedBytes").asLong());
            }
        }
        if (!told.stream()
                .allMatch(agent -> Long.valueOf(USED_BASE + agent.version).equals(used.get(agent.id)))) {
            return false;
        }
        Map<String, Long> items = new HashMap<>();
        for (JsonNode mailbox : inventory.list("/tenants/" + tenant + "/mailboxes")) {
            items.put(
                    mailbox.path("exchangeGuid").asText(), mailbox.path("items").asLong());
        }
        for (Agent agent : told) {
            for (int mailbox = 0; mailbox < MAILBOXES; mailbox++) {
                if (!Long.valueOf(items(mailbox, agent.version)).equals(items.get(agent.guids[mailbox]))) {
                    return false;
                }
            }
        }
        return items.size() == told.size() * MAILBOXES;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while waiting for the inventory", e);
        }
    }
}
