package io.mailferry.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * The real parts and the services, each its own process on loopback, with their state in one folder. Starting again on
 * the same folder goes on with what was there.
 */
public final class LocalStack implements AutoCloseable {
    /**
     * How a stack is started.
     *
     * @param data the folder of everything that is kept
     * @param services which of them to start
     * @param changes change a service's environment before it starts, for tests that put something in between
     * @param steadyPorts whether services prefer the same ports each time, for addresses that a person remembers
     * @param tell hears what starts where
     */
    public record Options(
            Path data,
            Set<ServiceKind> services,
            Map<ServiceKind, UnaryOperator<Map<String, String>>> changes,
            boolean steadyPorts,
            Consumer<String> tell) {
        public Options {
            services = Set.copyOf(services);
            changes = Map.copyOf(changes);
        }

        /** Everything, silently, on any free ports. */
        public static Options in(Path data) {
            return new Options(data, EnumSet.allOf(ServiceKind.class), Map.of(), false, line -> {});
        }

        /** Only these services; the parts start in any case. */
        public Options only(ServiceKind... wanted) {
            return new Options(data, Set.of(wanted), changes, steadyPorts, tell);
        }

        public Options telling(Consumer<String> listener) {
            return new Options(data, services, changes, steadyPorts, listener);
        }

        public Options onSteadyPorts() {
            return new Options(data, services, changes, true, tell);
        }

        /** Adds a change of one service's environment, such as another S3 endpoint. */
        public Options changing(ServiceKind service, UnaryOperator<Map<String, String>> change) {
            Map<ServiceKind, UnaryOperator<Map<String, String>>> more = new HashMap<>(changes);
            more.put(service, change);
            return new Options(data, services, more, steadyPorts, tell);
        }
    }

    private static final int FIRST_STEADY_PORT = 17_701;

    private final Options options;
    private final StackFolder folder;
    private final PostgresServer postgres;
    private final KafkaBroker kafka;
    private final S3Server s3;
    private final Map<ServiceKind, ServiceProcess> running = new EnumMap<>(ServiceKind.class);
    private final List<ServiceProcess> others = new ArrayList<>();

    private LocalStack(Options options, StackFolder folder, PostgresServer postgres, KafkaBroker kafka, S3Server s3) {
        this.options = options;
        this.folder = folder;
        this.postgres = postgres;
        this.kafka = kafka;
        this.s3 = s3;
    }

    /** Starts everything and returns when every service is ready; when one does not start, all are stopped again. */
    public static LocalStack start(Options options) {
        StackFolder folder = StackFolder.prepare(options.data());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<PostgresServer> postgres =
                    threads.submit(() -> PostgresServer.start(folder.path().resolve("postgres")));
            Future<KafkaBroker> kafka =
                    threads.submit(() -> KafkaBroker.start(folder.path().resolve("kafka")));
            Future<S3Server> s3 =
                    threads.submit(() -> S3Server.start(folder.path().resolve("s3")));
            LocalStack stack;
            try {
                stack = new LocalStack(options, folder, result(postgres), result(kafka), result(s3));
            } catch (StackFailure e) {
                closeIfStarted(postgres);
                closeIfStarted(kafka);
                closeIfStarted(s3);
                folder.release();
                throw e;
            }
            AtExit.close(stack);
            stack.tellOfParts();
            try {
                stack.startServices(threads);
            } catch (StackFailure e) {
                stack.close();
                throw e;
            }
            // Last again, and so closed first: it stops the services all at once, not one after the other.
            AtExit.forget(stack);
            AtExit.close(stack);
            return stack;
        }
    }

    /** Of the kind that {@link Options#services} named. */
    public ServiceProcess service(ServiceKind service) {
        ServiceProcess found = running.get(service);
        if (found == null) {
            throw new IllegalArgumentException(service.module() + " is not part of this stack");
        }
        return found;
    }

    public KafkaBroker kafka() {
        return kafka;
    }

    public PostgresServer postgres() {
        return postgres;
    }

    public S3Server s3() {
        return s3;
    }

    /** The names of what has ended without having been asked to. */
    public List<String> ended() {
        List<String> ended = new ArrayList<>();
        running.values().stream()
                .filter(service -> !service.alive())
                .forEach(service -> ended.add(service.service().module()));
        if (!postgres.alive()) {
            ended.add("PostgreSQL");
        }
        if (!kafka.alive()) {
            ended.add("Kafka");
        }
        if (!s3.alive()) {
            ended.add("S3 server");
        }
        return ended;
    }

    /** All that run, as later commands can recognise them. */
    List<KnownProcess> processes() {
        LongStream.Builder pids = LongStream.builder();
        pids.add(postgres.pid()).add(kafka.pid()).add(s3.pid());
        running.values().forEach(service -> pids.add(service.pid()));
        return pids.build()
                .mapToObj(ProcessHandle::of)
                .flatMap(Optional::stream)
                .map(KnownProcess::of)
                .toList();
    }

    /** Where keys, credentials, the operator's token and the logs are. */
    public StackFolder folder() {
        return folder;
    }

    /** Starts one more process of a service beside the one that runs, with the same settings and other ports. */
    public ServiceProcess startAnother(ServiceKind service) {
        String name = service.module() + " " + (others.size() + 2);
        Path log = folder.logs().resolve(name.replace(' ', '-') + ".log");
        ServiceProcess another = ServiceProcess.start(name, service, environment(service, name), log, 0);
        others.add(another);
        return another;
    }

    /** Stops the services, all at once so that they drain together, and then the parts they use. */
    @Override
    public void close() {
        List<ServiceProcess> all = new ArrayList<>(others);
        all.addAll(running.values());
        all.forEach(ServiceProcess::requestStop);
        all.forEach(ServiceProcess::close);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (AutoCloseable part : List.of(s3, kafka, postgres)) {
                Callable<Boolean> closing = () -> {
                    part.close();
                    return true;
                };
                var unused = threads.submit(closing);
            }
        }
        folder.release();
        AtExit.forget(this);
    }

    private void startServices(ExecutorService threads) {
        Map<ServiceKind, Future<ServiceProcess>> starting = new EnumMap<>(ServiceKind.class);
        for (ServiceKind service : ServiceKind.values()) {
            if (options.services().contains(service)) {
                int wanted = options.steadyPorts() ? FIRST_STEADY_PORT + service.ordinal() : 0;
                Path log = folder.logs().resolve(service.module() + ".log");
                starting.put(
                        service,
                        threads.submit(() -> ServiceProcess.start(
                                service.module(), service, environment(service, service.module()), log, wanted)));
            }
        }
        List<StackFailure> failures = new ArrayList<>();
        starting.forEach((service, future) -> {
            try {
                ServiceProcess started = result(future);
                running.put(service, started);
                options.tell().accept(line(service.module(), started.url(), started.pid()));
            } catch (StackFailure e) {
                failures.add(e);
            }
        });
        if (!failures.isEmpty()) {
            StackFailure first = failures.getFirst();
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    /** What a service is told; nothing that its work does not need. */
    private Map<String, String> environment(ServiceKind service, String name) {
        Map<String, String> environment = new HashMap<>(kafka.environment());
        environment.put("MAILFERRY_OPERATORS_FILE", folder.operatorsFile().toString());
        environment.put("MAILFERRY_SCRATCH_DIRECTORY", folder.scratch(name).toString());
        service.schema().ifPresent(schema -> environment.putAll(postgres.environment(schema)));
        if (service.usesBucket()) {
            environment.putAll(s3.environment());
        }
        if (service == ServiceKind.UPLOADER) {
            // This S3 server holds each PUT whole in its small heap.
            environment.put("MAILFERRY_MAILBOX_PACK_BYTES", "16M");
        }
        if (service.usesKeys()) {
            environment.put("MAILFERRY_KEYS_DIRECTORY", folder.keys().toString());
            environment.put("MAILFERRY_KEYS_CREATE_MISSING", "true");
        }
        if (service.usesCredentials()) {
            environment.put(
                    "MAILFERRY_CREDENTIALS_DIRECTORY", folder.credentials().toString());
        }
        return options.changes().getOrDefault(service, UnaryOperator.identity()).apply(environment);
    }

    private void tellOfParts() {
        options.tell().accept(line("PostgreSQL", LoopbackPort.HOST + ":" + postgres.port(), postgres.pid()));
        options.tell().accept(line("Kafka", kafka.bootstrap(), kafka.pid()));
        options.tell().accept(line("S3 server", s3.endpoint(), s3.pid()));
    }

    private static String line(String name, String place, long pid) {
        return String.format(Locale.ROOT, "  %-18s %-24s process %d", name, place, pid);
    }

    private static void closeIfStarted(Future<? extends AutoCloseable> part) {
        try {
            part.get().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // It did not start, so there is nothing to close; the failure that is told is another part's or this one's.
            return;
        }
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StackFailure failure) {
                throw failure;
            }
            throw new StackFailure("A process could not be started: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while starting", e);
        }
    }
}
