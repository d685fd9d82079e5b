package io.mailferry.system;

import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.stack.LocalStack;
import io.mailferry.stack.ServiceKind;
import io.mailferry.stack.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One stack and one simulated fleet for all system tests of a run, since starting them takes longer than most tests.
 * Tests do not share tenants or mailboxes, and undo what they break.
 */
final class SystemStack implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SystemStack.class);

    /**
     * Small pages and short leases, so that a run of a few hundred items has many points at which it can be interrupted
     * and what was interrupted goes on soon. What the services do at each point is the same as with their defaults.
     */
    private static final Map<String, String> EXPORTER = Map.of(
            "MAILFERRY_ATTEMPT_PAGE_BYTES_MAX", "65536",
            "MAILFERRY_ATTEMPT_UPLOADER_SILENCE", "PT30S",
            "MAILFERRY_JOBS_LEASE", "PT5S",
            "MAILFERRY_JOBS_RENEWAL", "PT1S");

    private static final Map<String, String> UPLOADER = Map.of(
            "MAILFERRY_MAILBOX_FLUSH_AFTER", "300ms",
            "MAILFERRY_INTAKE_SESSION_TIMEOUT", "6s",
            "MAILFERRY_INTAKE_RESTART_PAUSE", "500ms");

    /**
     * The stack's memory right after its start, before any test has asked anything of it.
     *
     * @param bytes summed proportional set sizes
     * @param unreadable names of processes whose memory may not be read here
     */
    record Memory(int processes, long bytes, List<String> unreadable) {
        private static Memory of(LocalStack stack) {
            List<OwnProcess> all = OwnProcess.of(stack);
            return new Memory(
                    all.size(),
                    all.stream().mapToLong(process -> process.pss().orElse(0)).sum(),
                    all.stream()
                            .filter(process -> process.pss().isEmpty())
                            .map(OwnProcess::name)
                            .toList());
        }
    }

    /** Everything that runs. */
    static final class Running implements AutoCloseable {
        private final Path folder;
        private final SimulatedFleet fleet;
        private final LocalStack stack;
        private final List<StoreOutage> stores = new ArrayList<>();
        private final ObjectStore bucket;
        private final Memory memoryAtStart;

        Running() {
            try {
                folder = Files.createTempDirectory("mailferry-system");
                fleet = SimulatedFleet.start(Files.createDirectory(folder.resolve("fleet")));
                stack = LocalStack.start(LocalStack.Options.in(folder.resolve("data"))
                        .changing(ServiceKind.EXPORTER, settings -> behindStoreOutage(with(settings, EXPORTER)))
                        .changing(ServiceKind.UPLOADER, settings -> behindStoreOutage(with(settings, UPLOADER)))
                        .changing(ServiceKind.RESTORE, this::behindStoreOutage));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            memoryAtStart = Memory.of(stack);
            bucket = new ObjectStore(StoreSettings.of(
                    URI.create(stack.s3().endpoint()),
                    stack.s3().bucket(),
                    stack.s3().accessKey(),
                    stack.s3().secretKey(),
                    stack.s3().region()));
        }

        LocalStack stack() {
            return stack;
        }

        SimulatedFleet fleet() {
            return fleet;
        }

        ObjectStore bucket() {
            return bucket;
        }

        Path folder() {
            return folder;
        }

        ServiceProcess exporter() {
            return stack.service(ServiceKind.EXPORTER);
        }

        ServiceProcess uploader() {
            return stack.service(ServiceKind.UPLOADER);
        }

        Memory memoryAtStart() {
            return memoryAtStart;
        }

        /** Makes the S3 server answer 503 to exporter, uploader and restore-service, or lets them through again. */
        void storeUnavailable(boolean now) {
            stores.forEach(store -> store.unavailable(now));
        }

        long refusedByStore() {
            return stores.stream().mapToLong(StoreOutage::refused).sum();
        }

        Operator operator() {
            return new Operator(this);
        }

        Rest rest(ServiceKind service) {
            return new Rest(
                    stack.service(service).url() + "/api/v1",
                    Optional.of(stack.folder().operatorToken()));
        }

        @Override
        public void close() throws Exception {
            bucket.close();
            stack.close();
            fleet.close();
            for (StoreOutage store : stores) {
                store.close();
            }
        }

        private static Map<String, String> with(Map<String, String> environment, Map<String, String> settings) {
            environment.putAll(settings);
            return environment;
        }

        private Map<String, String> behindStoreOutage(Map<String, String> environment) {
            StoreOutage store = new StoreOutage(URI.create(environment.get("MAILFERRY_S3_ENDPOINT")));
            synchronized (stores) {
                stores.add(store);
            }
            environment.put("MAILFERRY_S3_ENDPOINT", store.endpoint());
            return environment;
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return running(context);
    }

    private static Running running(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Running.class, key -> new Running(), Running.class);
    }
}
