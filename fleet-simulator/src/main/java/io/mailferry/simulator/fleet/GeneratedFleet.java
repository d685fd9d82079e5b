package io.mailferry.simulator.fleet;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Fleets of any size for a load: small servers, each with an agent, a MAPI set and some mailboxes. */
public final class GeneratedFleet {
    /** The tenant of all of them in the fleet; the deployment knows its own by the enrolment token. */
    public static final String TENANT = "simulated";

    /** Of the announcement's kinds: before the fatal update, at it, and behind. */
    private static final List<String> BUILDS = List.of("15.0.1497.48", "15.0.1497.2", "15.0.1395.4");

    private static final List<String> VERSIONS = List.of("4.3.0", "4.2.1", "4.1.7");
    private static final long QUOTA_BYTES = 50_000_000_000L;
    private static final int ITEMS = 1_000;

    private GeneratedFleet() {}

    /**
     * The same for the same arguments, so that journals of an earlier run fit.
     *
     * @param prefix of the servers' names
     */
    public static FleetDefinition of(String prefix, int servers, int mailboxesEach) {
        return new FleetDefinition(
                7,
                List.of(new FleetDefinition.Tenant(
                        TENANT,
                        IntStream.rangeClosed(1, servers)
                                .mapToObj(number -> server(prefix, number, mailboxesEach))
                                .toList())));
    }

    private static FleetDefinition.Server server(String prefix, int number, int mailboxesEach) {
        String name = String.format(Locale.ROOT, "%s-%05d", prefix, number);
        List<FleetDefinition.MailboxDefinition> mailboxes = IntStream.rangeClosed(1, mailboxesEach)
                .mapToObj(mailbox -> new FleetDefinition.MailboxDefinition(
                        "user" + mailbox + "@" + name + ".example",
                        "User " + mailbox,
                        ITEMS,
                        null,
                        null,
                        null,
                        false,
                        null))
                .toList();
        return new FleetDefinition.Server(
                name,
                BUILDS.get(number % BUILDS.size()),
                null,
                null,
                null,
                0,
                0,
                "svc@" + name + ".example",
                null,
                new FleetDefinition.Agent(name + "-agent", "Simulated", VERSIONS.get(number % VERSIONS.size())),
                List.of(new FleetDefinition.BackupSet("set-1", "Mail", "MAPI", QUOTA_BYTES, null)),
                mailboxes);
    }
}
