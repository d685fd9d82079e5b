package io.mailferry.simulator.fleet;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mailferry.simulator.mail.Sizes;
import io.mailferry.simulator.mailbox.Spoilage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fleet file. Its reference is the module's README.
 *
 * @param seed of everything that is generated
 * @param tenants in order
 */
public record FleetDefinition(long seed, List<Tenant> tenants) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final String DEMO = "/demo-fleet.json";

    public FleetDefinition {
        tenants = List.copyOf(tenants);
    }

    /**
     * @throws IOException if the file cannot be read or is no fleet; the message names the place
     */
    public static FleetDefinition read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return MAPPER.readValue(in, FleetDefinition.class);
        }
    }

    /** The fleet of the demo, which is part of the program. */
    public static FleetDefinition demo() throws IOException {
        try (InputStream in = FleetDefinition.class.getResourceAsStream(DEMO)) {
            if (in == null) {
                throw new IOException("The demo's fleet is missing from the program");
            }
            return MAPPER.readValue(in, FleetDefinition.class);
        }
    }

    /** A customer of the service provider. */
    public record Tenant(String name, List<Server> servers) {
        public Tenant {
            servers = List.copyOf(servers);
        }
    }

    /**
     * An Exchange server.
     *
     * @param name unique in the fleet
     * @param build at the start, as four numbers
     * @param buildSpelling how the agent reports the build
     * @param nextBuild what the server is updated to when the control endpoint says so without a build; null if nothing
     * @param plannedUpdate what the agent reports as planned, or null
     * @param httpPort 0 or absent for a free one
     * @param httpsPort 0 or absent for a free one
     * @param serviceUser who may impersonate every mailbox of the server
     * @param servicePassword null for one that is made from the seed
     * @param agent the agent beside the server, or null
     * @param backupSets what the agent reports
     * @param mailboxes on the server
     */
    public record Server(
            String name,
            String build,
            @Nullable BuildSpelling buildSpelling,
            @Nullable String nextBuild,
            @Nullable PlannedUpdate plannedUpdate,
            int httpPort,
            int httpsPort,
            String serviceUser,
            @Nullable String servicePassword,
            @Nullable Agent agent,
            @Nullable List<BackupSet> backupSets,
            List<MailboxDefinition> mailboxes) {
        public Server {
            backupSets = backupSets == null ? List.of() : List.copyOf(backupSets);
            mailboxes = List.copyOf(mailboxes);
        }

        /** Never null, whatever the file says. */
        @Override
        public List<BackupSet> backupSets() {
            return backupSets == null ? List.of() : backupSets;
        }
    }

    /** The three shapes in which servers report their build. */
    public enum BuildSpelling {
        /** 15.0.1497.2 */
        PLAIN,
        /** 15.00.1497.002 */
        PADDED,
        /** Version 15.0 (Build 1497.2) */
        ADMIN_DISPLAY
    }

    /**
     * @param build that is planned
     * @param inDays from the start of the simulator
     */
    public record PlannedUpdate(String build, int inDays) {}

    /** The vendor's program beside the server. */
    public record Agent(String name, String brand, String version) {}

    /**
     * @param ref the agent's own id of the set
     * @param mode MAPI or EWS
     * @param quotaBytes that the set may use in the vendor's storage
     * @param mailboxes addresses; null for all of the server
     */
    public record BackupSet(
            String ref,
            String name,
            String mode,
            long quotaBytes,
            @Nullable List<String> mailboxes) {}

    /**
     * A mailbox.
     *
     * @param address primary SMTP
     * @param displayName of its owner
     * @param items that it begins with, without the corpus
     * @param sizes null for a median of 20 KB and a mean of 75 KB
     * @param largeBytes sizes of single items larger than the rest
     * @param spoiled how many items of which kind
     * @param corpus whether the messages of the corpus directory are added
     * @param password of its owner, who may log on without impersonation; null for one that is made from the seed
     */
    public record MailboxDefinition(
            String address,
            String displayName,
            int items,
            @Nullable Sizes sizes,
            @Nullable List<Long> largeBytes,
            @Nullable Map<Spoilage, Integer> spoiled,
            boolean corpus,
            @Nullable String password) {
        public MailboxDefinition {
            if (items < 0 || items > 10_000_000) {
                throw new IllegalArgumentException("items must be from 0 to 10,000,000");
            }
        }
    }
}
