package io.mailferry.simulator.fleet;

import io.mailferry.simulator.ews.EwsEndpoint;
import io.mailferry.simulator.ews.ExchangeServer;
import io.mailferry.simulator.ews.ServerBuild;
import io.mailferry.simulator.fault.Faults;
import io.mailferry.simulator.http.HttpListener;
import io.mailferry.simulator.http.SelfSignedCertificate;
import io.mailferry.simulator.mail.Chance;
import io.mailferry.simulator.mail.Sizes;
import io.mailferry.simulator.mailbox.Mailbox;
import io.mailferry.simulator.mailbox.MailboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All servers of a definition, listening. */
public final class Fleet implements AutoCloseable {

    /**
     * A running server, and what its definition says of it.
     *
     * @param http null in a fleet that only has agents
     * @param https null in a fleet that only has agents
     */
    public record Running(
            FleetDefinition.Tenant tenant,
            FleetDefinition.Server definition,
            ExchangeServer exchange,
            String servicePassword,
            @Nullable HttpListener http,
            @Nullable HttpListener https) {

        /** The plain endpoint. */
        public String httpUrl() {
            return "http://127.0.0.1:" + Objects.requireNonNull(http).port() + EwsEndpoint.PATH;
        }

        /** The endpoint over TLS. */
        public String httpsUrl() {
            return "https://127.0.0.1:" + Objects.requireNonNull(https).port() + EwsEndpoint.PATH;
        }

        private void close() throws IOException {
            if (http != null) {
                http.close();
            }
            if (https != null) {
                https.close();
            }
        }

        @Override
        public String toString() {
            return "Running[" + definition.name() + "]";
        }
    }

    private final List<Running> servers;

    private Fleet(List<Running> servers) {
        this.servers = List.copyOf(servers);
    }

    /**
     * Starts every server of the definition.
     *
     * @param corpus a directory of .eml files for the mailboxes that take them, or null
     * @throws IOException if a port cannot be bound or the corpus cannot be listed
     */
    public static Fleet start(FleetDefinition definition, SelfSignedCertificate certificate, @Nullable Path corpus)
            throws IOException {
        List<Path> files = corpus == null ? List.of() : list(corpus);
        List<Running> running = new ArrayList<>();
        Set<String> names = new HashSet<>();
        try {
            for (FleetDefinition.Tenant tenant : definition.tenants()) {
                for (FleetDefinition.Server server : tenant.servers()) {
                    if (!names.add(server.name())) {
                        throw new IllegalArgumentException("Two servers have the same name");
                    }
                    running.add(start(definition.seed(), tenant, server, certificate, files));
                }
            }
        } catch (IOException | RuntimeException e) {
            new Fleet(running).close();
            throw e;
        }
        return new Fleet(running);
    }

    private static List<Path> list(Path corpus) throws IOException {
        try (Stream<Path> files = Files.walk(corpus)) {
            return files.filter(file -> Files.isRegularFile(file)
                            && file.toString().toLowerCase(Locale.ROOT).endsWith(".eml"))
                    .sorted()
                    .map(Path::toAbsolutePath)
                    .toList();
        }
    }

    /** The servers as their agents see them, with nothing that listens. */
    public static Fleet silent(FleetDefinition definition) {
        List<Running> running = new ArrayList<>();
        for (FleetDefinition.Tenant tenant : definition.tenants()) {
            for (FleetDefinition.Server server : tenant.servers()) {
                String password = password(server.servicePassword(), definition.seed(), server.name());
                ExchangeServer exchange = exchange(definition.seed(), server, password, List.of());
                running.add(new Running(tenant, server, exchange, password, null, null));
            }
        }
        return new Fleet(running);
    }

    private static Running start(
            long seed,
            FleetDefinition.Tenant tenant,
            FleetDefinition.Server server,
            SelfSignedCertificate certificate,
            List<Path> corpus)
            throws IOException {
        String servicePassword = password(server.servicePassword(), seed, server.name());
        ExchangeServer exchange = exchange(seed, server, servicePassword, corpus);
        EwsEndpoint endpoint = new EwsEndpoint(exchange);
        HttpListener http = HttpListener.start(server.httpPort(), null, endpoint);
        try {
            HttpListener https = HttpListener.start(server.httpsPort(), certificate.tls(), endpoint);
            return new Running(tenant, server, exchange, servicePassword, http, https);
        } catch (IOException e) {
            http.close();
            throw e;
        }
    }

    private static ExchangeServer exchange(
            long seed, FleetDefinition.Server server, String servicePassword, List<Path> corpus) {
        List<ExchangeServer.Account> accounts = new ArrayList<>();
        accounts.add(new ExchangeServer.Account(server.serviceUser(), servicePassword, null, true));
        List<Mailbox> mailboxes = new ArrayList<>();
        for (FleetDefinition.MailboxDefinition mailbox : server.mailboxes()) {
            String address = mailbox.address().toLowerCase(Locale.ROOT);
            accounts.add(
                    new ExchangeServer.Account(address, password(mailbox.password(), seed, address), address, false));
            mailboxes.add(new Mailbox(spec(seed, mailbox, address, corpus)));
        }
        return new ExchangeServer(
                server.name(),
                ServerBuild.parse(server.build()),
                accounts,
                mailboxes,
                new Faults(Chance.seedOf(server.name())));
    }

    private static MailboxSpec spec(
            long seed, FleetDefinition.MailboxDefinition mailbox, String address, List<Path> corpus) {
        Sizes sizes = mailbox.sizes();
        List<Long> large = mailbox.largeBytes();
        return new MailboxSpec(
                Chance.seedOf(seed, Chance.seedOf(address)),
                address,
                mailbox.displayName(),
                mailbox.items(),
                sizes == null ? Sizes.bulk() : sizes,
                large == null ? List.of() : large,
                mailbox.spoiled() == null ? Map.of() : mailbox.spoiled(),
                mailbox.corpus() ? corpus : List.of());
    }

    /** The password of a mailbox's owner, given or made from the seed. */
    public static String password(@Nullable String given, long seed, String name) {
        return given != null ? given : Long.toHexString(Chance.seedOf(seed, Chance.seedOf(name), 17)) + "-Pw";
    }

    public List<Running> servers() {
        return servers;
    }

    /** A server by its name. */
    public Optional<Running> server(String name) {
        return servers.stream()
                .filter(server -> server.definition().name().equals(name))
                .findFirst();
    }

    /** A mailbox by its address, on whichever server. */
    public Optional<Mailbox> mailbox(String address) {
        return servers.stream()
                .flatMap(server -> server.exchange().mailbox(address).stream())
                .findFirst();
    }

    @Override
    public void close() throws IOException {
        for (Running server : servers) {
            server.close();
        }
    }
}
