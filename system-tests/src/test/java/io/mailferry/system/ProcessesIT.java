package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the stack is on the machine that it runs on: nothing that the network reaches, and not much memory. */
@ExtendWith(SystemStack.class)
final class ProcessesIT {
    private static final long IDLE_BYTES_MAX = 2_000_000_000;

    @Test
    void listensOnLoopbackOnly(SystemStack.Running running) {
        List<OwnProcess> processes = Stream.concat(
                        OwnProcess.of(running.stack()).stream(),
                        Stream.of(new OwnProcess("simulator", running.fleet().pid())))
                .toList();

        for (OwnProcess process : processes) {
            assertThat(process.listening().stream().filter(address -> !OwnProcess.isLoopback(address)))
                    .as("addresses of " + process.name() + " that the network reaches")
                    .isEmpty();
        }
        // Each service has two, Kafka two, PostgreSQL, the S3 server and the simulator at least one.
        assertThat(processes.stream()
                        .mapToInt(process -> process.listening().size())
                        .sum())
                .as("sockets that were found")
                .isGreaterThanOrEqualTo(15);
    }

    @Test
    void wouldFindASocketThatTheNetworkReaches() throws IOException {
        OwnProcess self = new OwnProcess("test", ProcessHandle.current().pid());
        try (ServerSocket open = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"));
                ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(self.listening())
                    .filteredOn(address -> address.endsWith(port(open)))
                    .hasSize(1)
                    .noneMatch(OwnProcess::isLoopback);
            assertThat(self.listening())
                    .filteredOn(address -> address.endsWith(port(closed)))
                    .hasSize(1)
                    .allMatch(OwnProcess::isLoopback);
        }
    }

    @Test
    void needsLessThanTwoGigabytesWhenItHasJustStarted(SystemStack.Running running) {
        SystemStack.Memory memory = running.memoryAtStart();
        assumeTrue(memory.unreadable().isEmpty(), "memory of these may not be read: " + memory.unreadable());

        assertThat(memory.processes()).isGreaterThanOrEqualTo(8);
        assertThat(memory.bytes()).isBetween(500_000_000L, IDLE_BYTES_MAX);
    }

    private static String port(ServerSocket socket) {
        return String.format(Locale.ROOT, ":%04X", socket.getLocalPort());
    }
}
