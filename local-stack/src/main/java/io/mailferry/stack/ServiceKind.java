package io.mailferry.stack;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The services that the stack starts, in the order in which data meets them. Exporter, uploader and restore-service touch
 * content and prove here that 256 MB of heap are enough; the others hold rows only.
 */
public enum ServiceKind {
    INVENTORY("inventory-service", "inventory", 176, false, true),
    PLANNER("planner-service", "planner", 176, true, false),
    EXPORTER("exporter-service", "exporter", 256, false, true),
    UPLOADER("uploader-service", null, 256, false, false),
    RESTORE("restore-service", "restore", 256, false, true);

    private final String module;
    private final @Nullable String schema;
    private final int heapMegabytes;
    private final boolean quickStart;
    private final boolean usesKeys;

    ServiceKind(String module, @Nullable String schema, int heapMegabytes, boolean quickStart, boolean usesKeys) {
        this.module = module;
        this.schema = schema;
        this.heapMegabytes = heapMegabytes;
        this.quickStart = quickStart;
        this.usesKeys = usesKeys;
    }

    /** The Maven module and the name in messages, such as {@code inventory-service}. */
    public String module() {
        return module;
    }

    /** The name in settings, such as {@code inventory}. */
    public String shortName() {
        return module.substring(0, module.indexOf('-'));
    }

    Optional<String> schema() {
        return Optional.ofNullable(schema);
    }

    boolean usesKeys() {
        return usesKeys;
    }

    boolean usesCredentials() {
        return this == INVENTORY || this == EXPORTER;
    }

    boolean usesBucket() {
        return this != PLANNER;
    }

    Path application() {
        return Repository.root().resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    }

    List<String> javaOptions() {
        return List.of(
                "-Xmx" + heapMegabytes + "m",
                "-Xms32m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                // Ciphers, checksums and compression need the optimising compiler; a service of rows starts without it.
                quickStart ? "-XX:TieredStopAtLevel=1" : "-XX:+TieredCompilation",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }
}
