package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.simulator.fleet.Fleet;
import io.mailferry.simulator.fleet.FleetDefinition;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All agents of the fleet: started when the control endpoint says where the gateway is. */
public final class Agents implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final Fleet fleet;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final List<SimulatedAgent> running = new ArrayList<>();

    public Agents(Fleet fleet, ObjectMapper mapper, Clock clock) {
        this.fleet = fleet;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** Starts the agent of each server whose tenant has a token; one that already runs is left alone. */
    public synchronized List<AgentView> start(AgentOptions options) {
        Gateway gateway = new Gateway(options.gatewayUrl(), client, mapper);
        for (Fleet.Running server : fleet.servers()) {
            FleetDefinition.Agent definition = server.definition().agent();
            String token = options.tokens().get(server.tenant().name());
            boolean already = running.stream()
                    .anyMatch(agent ->
                            agent.serverName().equals(server.definition().name()));
            if (definition != null && token != null && !already) {
                SimulatedAgent agent = new SimulatedAgent(server, definition, token, options, gateway, mapper, clock);
                running.add(agent);
                agent.start();
            }
        }
        return views();
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
