package io.mailferry.simulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.simulator.agent.AgentOptions;
import io.mailferry.simulator.agent.AgentView;
import io.mailferry.simulator.agent.Agents;
import io.mailferry.simulator.agent.Traffic;
import io.mailferry.simulator.fleet.Fleet;
import io.mailferry.simulator.fleet.GeneratedFleet;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Agents without servers beside them, against any deployment, until Ctrl-C. */
@Command(
        name = "simulate",
        description = {
            "Runs simulated agents against a deployment until Ctrl-C. Each has a journal, so that a later run with the",
            "same folder goes on as the same agents, without using up the token."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
    private static final int AGENTS_MAX = 20_000;
    private static final int MAILBOXES_MAX = 1_000;
    private static final int PARALLEL_MAX = 1_000;
    /** Its loggers' parent: kept, since a logger that nobody holds forgets its level. */
    private static final Logger LOG = Logger.getLogger("io.mailferry.simulator");

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = "--agents", required = true, paramLabel = "N", description = "How many agents.")
    private int agents;

    @Option(names = "--url", required = true, paramLabel = "U", description = "inventory-service's address.")
    private String url = "";

    @Option(
            names = "--token-file",
            required = true,
            paramLabel = "F",
            description = "File with an enrolment token that is good for so many agents.")
    private Path tokenFile = Path.of("");

    @Option(
            names = "--journals",
            paramLabel = "DIR",
            defaultValue = "${env:MAILFERRY_HOME:-.mailferry}/simulated-agents",
            description = "Where the journals are; they hold the agents' credentials.")
    private Path journals = Path.of("");

    @Option(names = "--prefix", paramLabel = "P", defaultValue = "sim", description = "Of the servers' names; sim.")
    private String prefix = "";

    @Option(names = "--mailboxes", paramLabel = "M", defaultValue = "5", description = "Mailboxes of each server; 5.")
    private int mailboxes;

    @Option(
            names = "--parallel",
            paramLabel = "R",
            defaultValue = "64",
            description = "Requests at a time at most; 64.")
    private int parallel;

    @Option(names = "--seconds", paramLabel = "S", description = "Ends by itself after so long.")
    private @Nullable Integer seconds;

    @Option(names = "--insecure-http", description = "Allow plain http, which shows credentials to the network.")
    private boolean insecureHttp;

    private final CountDownLatch stop = new CountDownLatch(1);

    /** As Ctrl-C does. */
    void stop() {
        stop.countDown();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        between("--agents", agents, 1, AGENTS_MAX);
        between("--mailboxes", mailboxes, 1, MAILBOXES_MAX);
        between("--parallel", parallel, 1, PARALLEL_MAX);
        requireSafe();
        String token = token();
        // A line of log for each agent would bury the progress.
        LOG.setLevel(Level.SEVERE);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            stop();
            awaitEnd(stopped);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        Traffic traffic = new Traffic(parallel);
        Fleet fleet = Fleet.silent(GeneratedFleet.of(prefix, agents, mailboxes));
        try (Agents running = new Agents(fleet, new ObjectMapper(), Clock.systemUTC(), traffic, journals)) {
            running.start(new AgentOptions(url, Map.of(GeneratedFleet.TENANT, token), 2_000, 500, 0));
            return follow(running, traffic);
        } finally {
            stopped.countDown();
            forget(hook);
        }
    }

    private int follow(Agents running, Traffic traffic) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        long began = System.nanoTime();
        long before = 0;
        while (true) {
            boolean told = stop.await(2, TimeUnit.SECONDS);
            long answered = traffic.answered();
            List<AgentView> views = running.views();
            out.println(line(views, traffic, (answered - before) / 2));
            out.flush();
            before = answered;
            boolean over = seconds != null && System.nanoTime() - began > TimeUnit.SECONDS.toNanos(seconds);
            if (told || over) {
                return views.stream().anyMatch(view -> view.state().equals("refused")) ? 1 : 0;
            }
        }
    }

    private static String line(List<AgentView> views, Traffic traffic, long perSecond) {
        long enrolled = views.stream().filter(view -> view.agentId() != null).count();
        long refused = count(views, "refused");
        long done = views.stream()
                .flatMap(view -> view.commands().stream())
                .filter(command -> !command.outcome().equals("running"))
                .count();
        return String.format(
                Locale.ROOT,
                "agents %,d  enrolled %,d  refused %,d  answered %,d (%,d/s)  errors %,d  unanswered %,d  commands done %,d",
                views.size(),
                enrolled,
                refused,
                traffic.answered(),
                perSecond,
                traffic.refused(),
                traffic.unanswered(),
                done);
    }

    private static long count(List<AgentView> views, String state) {
        return views.stream().filter(view -> view.state().equals(state)).count();
    }

    private String token() {
        try {
            String token = Files.readString(tokenFile, StandardCharsets.UTF_8).strip();
            if (token.isEmpty() || token.contains("\n")) {
                throw wrong("--token-file must hold one line, the token.");
            }
            return token;
        } catch (IOException e) {
            throw wrong("--token-file cannot be read: " + tokenFile);
        }
    }

    private void requireSafe() {
        URI address;
        try {
            address = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw wrong("--url is no URL: " + url);
        }
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (address.getHost() == null || !scheme.equals("http") && !scheme.equals("https")) {
            throw wrong("--url is no http or https URL: " + url);
        }
        if (scheme.equals("http") && !insecureHttp && !isThisMachine(address.getHost())) {
            throw wrong(
                    "--url is plain http to another machine, which would show the agents' credentials to the network."
                            + " Use https, or say --insecure-http.");
        }
    }

    private static boolean isThisMachine(String host) {
        boolean literal = host.startsWith("[") || host.matches("[0-9.]+");
        try {
            return host.equalsIgnoreCase("localhost")
                    || literal && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private void between(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw wrong(String.format(Locale.ROOT, "%s is from %,d to %,d.", option, min, max));
        }
    }

    private CommandLine.ParameterException wrong(String what) {
        return new CommandLine.ParameterException(spec.commandLine(), what);
    }

    /** The hook must not return before the agents have stopped: the process ends with the last hook. */
    private static void awaitEnd(CountDownLatch stopped) {
        try {
            if (!stopped.await(5, TimeUnit.SECONDS)) {
                LOG.severe("The agents did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // Ctrl-C: the hook is what ended us.
            LOG.finest("The process is ending already");
        }
    }
}
