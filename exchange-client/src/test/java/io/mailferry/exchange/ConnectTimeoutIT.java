package io.mailferry.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.exchange.connection.ConnectionLimits;
import io.mailferry.exchange.connection.Credentials;
import io.mailferry.exchange.connection.EwsEndpoint;
import io.mailferry.exchange.connection.MailboxAddress;
import io.mailferry.exchange.connection.Trust;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import io.mailferry.exchange.folder.FolderId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that listens and takes no connection: its backlog is full, so that the kernel answers nobody. */
@Timeout(60)
final class ConnectTimeoutIT {
    private static final int MORE_THAN_THE_BACKLOG = 16;

    @Test
    void takesAServerThatLetsNobodyInForAPassingFailure() throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, loopback)) {
            for (int i = 0; i < MORE_THAN_THE_BACKLOG; i++) {
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress(loopback, full.getLocalPort()));
            }
            URI url = URI.create("http://127.0.0.1:" + full.getLocalPort() + "/EWS/Exchange.asmx");
            ConnectionLimits limits = new ConnectionLimits(
                    Duration.ofMillis(100), Duration.ofSeconds(20), Duration.ofSeconds(20), 1 << 20, 3);

            try (ExchangeSession session = ExchangeSession.open(
                    new EwsEndpoint(url, new Trust.System(), true, true),
                    new Credentials("user", "secret"),
                    new MailboxAddress("ann@example.org"),
                    TestingSettings.with(limits))) {
                assertThat(((Outcome.Failed<?>) session.folder(new FolderId("x"))).failure())
                        .isEqualTo(
                                ExchangeFailure.of(FailureCategory.TRANSIENT, FailureReach.SERVER, "ConnectTimeout"));
            }
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }
}
