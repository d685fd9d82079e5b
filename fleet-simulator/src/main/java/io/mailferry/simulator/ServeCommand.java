package io.mailferry.simulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.simulator.agent.Agents;
import io.mailferry.simulator.control.ControlEndpoint;
import io.mailferry.simulator.fleet.Fleet;
import io.mailferry.simulator.fleet.FleetDefinition;
import io.mailferry.simulator.http.HttpListener;
import io.mailferry.simulator.http.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the fleet until told to stop. */
@Command(name = "serve", description = "Runs a fleet until SIGTERM.", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = Logger.getLogger(ServeCommand.class);

    @Option(names = "--fleet", description = "Fleet file; the demo's fleet if absent.")
    private @Nullable Path fleetFile;

    @Option(names = "--control-port", description = "Port of the control endpoint; 0 for a free one.")
    private int controlPort;

    @Option(names = "--ready-file", description = "Written, whole, once everything listens.")
    private @Nullable Path readyFile;

    @Option(names = "--certificate-file", description = "Where the servers' certificate goes, as PEM.")
    private @Nullable Path certificateFile;

    @Option(names = "--corpus", description = "Directory of .eml files for the mailboxes that take them.")
    private @Nullable Path corpus;

    @Override
    public Integer call() throws IOException, GeneralSecurityException, InterruptedException {
        FleetDefinition definition = fleetFile == null ? FleetDefinition.demo() : FleetDefinition.read(fleetFile);
        SelfSignedCertificate certificate =
                SelfSignedCertificate.create(Clock.systemUTC().instant());
        Path pem = certificateFile != null ? certificateFile : Files.createTempFile("fleet-simulator", ".pem");
        writeWhole(pem, certificate.pem());
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (Fleet fleet = Fleet.start(definition, certificate, corpus);
                Agents agents = new Agents(fleet, new ObjectMapper(), Clock.systemUTC());
                HttpListener control = HttpListener.start(
                        controlPort,
                        null,
                        new ControlEndpoint(
                                fleet,
                                agents,
                                definition.seed(),
                                pem.toAbsolutePath().toString(),
                                certificate.sha256()))) {
            Thread hook = new Thread(() -> {
                stop.countDown();
                await(stopped);
            });
            Runtime.getRuntime().addShutdownHook(hook);
            String url = "http://127.0.0.1:" + control.port();
            LOG.infof(
                    "The fleet listens servers=%d controlUrl=%s",
                    fleet.servers().size(), url);
            if (readyFile != null) {
                Map<String, Object> ready = new LinkedHashMap<>();
                ready.put("controlUrl", url);
                ready.put("pid", ProcessHandle.current().pid());
                ready.put("certificateFile", pem.toAbsolutePath().toString());
                ready.put("certificateSha256", certificate.sha256());
                writeWhole(readyFile, new ObjectMapper().writeValueAsString(ready));
            }
            stop.await();
        } finally {
            if (certificateFile == null) {
                Files.deleteIfExists(pem);
            }
            stopped.countDown();
        }
        return 0;
    }

    /** The hook must not return before the fleet is closed: the process ends with the last hook. */
    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(5, java.util.concurrent.TimeUnit.SECONDS)) {
                LOG.warn("The fleet did not close in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void writeWhole(Path file, String text) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new IOException("Not a file's name");
        }
        Files.createDirectories(parent);
        Path draft = Files.createTempFile(parent, ".fleet-simulator", ".part");
        Files.writeString(draft, text);
        Files.move(draft, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
