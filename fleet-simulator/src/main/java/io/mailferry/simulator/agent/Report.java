package io.mailferry.simulator.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.simulator.ews.ServerBuild;
import io.mailferry.simulator.fleet.Fleet;
import io.mailferry.simulator.fleet.FleetDefinition;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/** The status that an agent reports. Guarded by its agent's lock. */
final class Report {
    private final Fleet.Running server;
    private final FleetDefinition.Agent agent;
    private final BackupSets backupSets;
    private final Clock clock;
    private final ObjectMapper mapper;
    private final Instant startedAt;
    private String version;

    Report(Fleet.Running server, FleetDefinition.Agent agent, BackupSets backupSets, Clock clock, ObjectMapper mapper) {
        this.server = server;
        this.agent = agent;
        this.backupSets = backupSets;
        this.clock = clock;
        this.mapper = mapper;
        this.startedAt = clock.instant();
        this.version = agent.version();
    }

    String agentName() {
        return agent.name();
    }

    String brand() {
        return agent.brand();
    }

    String version() {
        return version;
    }

    void upgradeTo(String newVersion) {
        version = newVersion;
    }

    ObjectNode status() {
        ObjectNode status = mapper.createObjectNode();
        status.putObject("agent").put("brand", agent.brand()).put("version", version);
        ObjectNode node = status.putObject("server");
        ServerBuild build = server.exchange().build();
        node.put("name", server.definition().name())
                .put("build", spelled(build))
                .put("product", "Exchange 2013");
        FleetDefinition.PlannedUpdate planned = server.definition().plannedUpdate();
        if (planned != null && !build.atLeast(ServerBuild.parse(planned.build()))) {
            Instant at = startedAt.plus(Duration.ofDays(planned.inDays()));
            node.putObject("plannedUpdate").put("build", planned.build()).put("at", at.toString());
        }
        backupSets.report(status.putArray("backupSets"), clock.instant());
        return status;
    }

    String hash(ObjectNode status) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(mapper.writeValueAsBytes(status));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException | JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String spelled(ServerBuild build) {
        FleetDefinition.BuildSpelling spelling = server.definition().buildSpelling();
        return switch (spelling) {
            case null -> build.toString();
            case PLAIN -> build.toString();
            case PADDED -> build.padded();
            case ADMIN_DISPLAY -> build.adminDisplayVersion();
        };
    }
}
