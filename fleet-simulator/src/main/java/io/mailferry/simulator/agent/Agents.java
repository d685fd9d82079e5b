package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.simulator.fleet.Fleet;
import io.mailferry.simulator.fleet.FleetDefinition;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All agents of the fleet: started when the control endpoint says where the gateway is. */
public final class Agents implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int REQUESTS_MAX = 256;

    private final Fleet fleet;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final Traffic traffic;
    private final @Nullable Path journals;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final List<SimulatedAgent> running = new ArrayList<>();

    /** Agents whose journals end with the process. */
    public Agents(Fleet fleet, ObjectMapper mapper, Clock clock) {
        this(fleet, mapper, clock, new Traffic(REQUESTS_MAX), null);
    }

    /** @param journals a folder; an agent that has a file there goes on where it was. Null for none */
    public Agents(Fleet fleet, ObjectMapper mapper, Clock clock, Traffic traffic, @Nullable Path journals) {
        this.fleet = fleet;
        this.mapper = mapper;
        this.clock = clock;
        this.traffic = traffic;
        this.journals = journals;
    }

    /** Starts the agent of each server whose tenant has a token; one that already runs is left alone. */
    public synchronized List<AgentView> start(AgentOptions options) {
        Gateway gateway = new Gateway(options.gatewayUrl(), client, traffic, mapper);
        Set<String> already = running.stream().map(SimulatedAgent::serverName).collect(Collectors.toSet());
        for (Fleet.Running server : fleet.servers()) {
            FleetDefinition.Agent definition = server.definition().agent();
            String token = options.tokens().get(server.tenant().name());
            if (definition != null
                    && token != null
                    && already.add(server.definition().name())) {
                SimulatedAgent agent =
                        new SimulatedAgent(server, definition, token, options, gateway, journal(server), mapper, clock);
                running.add(agent);
                agent.start();
            }
        }
        return views();
    }

    private JournalFile journal(Fleet.Running server) {
        return journals == null
                ? JournalFile.none(mapper)
                : JournalFile.in(journals, server.definition().name(), mapper);
    }

    public synchronized List<AgentView> views() {
        return running.stream().map(SimulatedAgent::view).toList();
    }

    /**
     * @return false if no such agent runs
     */
    public synchronized boolean pause(String server) {
        return on(server, SimulatedAgent::pause);
    }

    /** Restarts one agent: it comes back with a new boot id and its old journal. */
    public synchronized boolean restart(String server) {
        return on(server, SimulatedAgent::restart);
    }

    /** Makes an agent report at once, for example because its server's build changed. */
    public synchronized boolean wake(String server) {
        return on(server, SimulatedAgent::wake);
    }

    private boolean on(String server, java.util.function.Consumer<SimulatedAgent> action) {
        List<SimulatedAgent> named = running.stream()
                .filter(agent -> agent.serverName().equals(server))
                .toList();
        named.forEach(action);
        return !named.isEmpty();
    }

    /** Stops all agents; what they had in their journals is gone. */
    @Override
    public synchronized void close() {
        running.forEach(SimulatedAgent::stop);
        running.clear();
    }
}
