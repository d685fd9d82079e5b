package io.mailferry.simulator.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.simulator.ews.ServerBuild;
import io.mailferry.simulator.fleet.Fleet;
import io.mailferry.simulator.fleet.FleetDefinition;
import io.mailferry.simulator.http.SelfSignedCertificate;
import io.mailferry.simulator.mailbox.Mailbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoFleetIT {
    private static final ServerBuild CU20 = new ServerBuild(15, 0, 1367, 3);

    @Test
    void isTheFleetThatTheDemoPromises() throws Exception {
        FleetDefinition definition = FleetDefinition.demo();
        assertThat(definition.tenants()).hasSize(3);
        try (Fleet fleet = Fleet.start(definition, SelfSignedCertificate.create(Instant.now()), null)) {
            List<FleetDefinition.Server> servers =
                    fleet.servers().stream().map(Fleet.Running::definition).toList();
            assertThat(servers.stream().map(FleetDefinition.Server::build).collect(Collectors.toSet()))
                    .contains("15.0.1395.12", "15.0.1473.3");
            assertThat(servers)
                    .anySatisfy(server -> {
                        assertThat(ServerBuild.parse(server.build()).atLeast(CU20))
                                .isFalse();
                        assertThat(server.plannedUpdate()).isNotNull();
                    })
                    .anySatisfy(server -> {
                        assertThat(ServerBuild.parse(server.build()).atLeast(CU20))
                                .isFalse();
                        assertThat(server.plannedUpdate()).isNull();
                    })
                    .anySatisfy(server -> assertThat(server.nextBuild()).isEqualTo("15.0.1497.2"));
            List<Mailbox> mailboxes = fleet.servers().stream()
                    .flatMap(server -> server.exchange().mailboxes().stream())
                    .toList();
            assertThat(mailboxes).hasSizeBetween(9, 12);
            assertThat(mailboxes.stream().mapToLong(Mailbox::items).sum()).isBetween(3000L, 4000L);
            assertThat(mailboxes.stream()
                            .mapToLong(mailbox -> mailbox.spoiledItems(false))
                            .sum())
                    .isEqualTo(5);
            assertThat(mailboxes.stream()
                            .mapToLong(mailbox -> mailbox.spoiledItems(true))
                            .sum())
                    .isEqualTo(2);
        }
    }

    @Test
    void anUnknownPropertyInAFleetFileIsRefusedByName(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("fleet.json");
        Files.writeString(file, "{\"seed\": 1, \"tenants\": [], \"colour\": \"blue\"}");
        assertThatThrownBy(() -> FleetDefinition.read(file)).hasMessageContaining("colour");
    }
}
