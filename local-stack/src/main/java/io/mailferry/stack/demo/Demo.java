package io.mailferry.stack.demo;

import io.mailferry.cli.rest.RestFailure;
import io.mailferry.cli.rest.Services;
import io.mailferry.cli.terminal.ProgressBoard;
import io.mailferry.cli.terminal.Screen;
import io.mailferry.stack.FleetSimulator;
import io.mailferry.stack.LocalStack;
import io.mailferry.stack.ServiceKind;
import io.mailferry.stack.Stack;
import io.mailferry.stack.StackFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The demo: everything real but the fleet. Its last line tells the counts; its exit code is 0 only if every item was
 * verified by restore-service reading the bucket, or was spoiled by the simulator on purpose.
 */
@Command(
        name = "demo",
        description =
                "Starts everything with a simulated fleet, carries it through its transition, and stops it again.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Demo implements Callable<Integer> {
    @Option(
            names = "--corpus",
            paramLabel = "DIR",
            description = "Adds the messages of a folder of .eml files to the fleet's mail.")
    private @Nullable Path corpus;

    private final Screen screen = Screen.standard();
    private final Instant began = Instant.now();

    private volatile boolean ending;
    private volatile boolean ended;

    private Demo() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Demo()).setUsageHelpWidth(100).execute(arguments));
    }

    @Override
    public Integer call() {
        if (corpus != null && !Files.isDirectory(corpus)) {
            say("mailferry: --corpus is not a folder: " + corpus);
            return 2;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "mailferry-demo-interrupted"));
        @Nullable Tally tally = null;
        try {
            tally = carry();
        } catch (StackFailure | RestFailure e) {
            if (ending) {
                // What fails now fails because it is being stopped; the JVM ends when everything is.
                return 1;
            }
            say("");
            say(screen.bad("The demo failed: ") + e.getMessage());
            for (Throwable other : e.getSuppressed()) {
                say(String.valueOf(other.getMessage()));
            }
        }
        if (tally == null) {
            tally = Tally.NOTHING;
        }
        ended = true;
        screen.out().println(tally.lastLine(Duration.between(began, Instant.now())));
        screen.out().flush();
        return tally.isRight() ? 0 : 1;
    }

    private void interrupted() {
        if (!ended) {
            ending = true;
            say("");
            say("Interrupted; stopping everything.");
        }
    }

    private Tally carry() {
        Path folder = emptied(Stack.home().resolve("demo"));
        say(screen.bold("Starting the real parts, the services and a simulated fleet."));
        say("  Everything is on loopback; state and logs are in " + folder);
        Tally tally;
        try (LocalStack stack = start(folder);
                FleetSimulator simulator = FleetSimulator.start(
                        folder.resolve("simulator"), Optional.empty(), Optional.ofNullable(corpus))) {
            say(String.format(
                    Locale.ROOT, "  %-18s %-24s process %d", "fleet-simulator", simulator.control(), simulator.pid()));
            say("  Everything runs after " + seconds() + " s.");
            FleetControl control = new FleetControl(simulator.control());
            Operation operation = new Operation(
                    services(stack), control, new ProgressBoard(screen, Clock.systemUTC()), screen, began);
            List<Ferried> mailboxes =
                    operation.carry(stack.service(ServiceKind.INVENTORY).url());
            tally = Tally.of(mailboxes);
            new Report(screen).print(mailboxes, tally);
            say("");
            say("Stopping everything.");
        }
        say("The bucket, the logs and the database stay in " + folder + " until the next demo.");
        return tally;
    }

    private LocalStack start(Path folder) {
        return LocalStack.start(LocalStack.Options.in(folder).telling(this::say));
    }

    private static Services services(LocalStack stack) {
        return Services.at(
                stack.service(ServiceKind.INVENTORY).url(),
                stack.service(ServiceKind.PLANNER).url(),
                stack.service(ServiceKind.EXPORTER).url(),
                stack.service(ServiceKind.RESTORE).url(),
                stack.folder().operatorToken(),
                false);
    }

    /** The last demo's state is of no use to this one. */
    private static Path emptied(Path folder) {
        try {
            if (Files.exists(folder)) {
                try (var files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StackFailure("The folder " + folder + " cannot be emptied: " + e.getMessage(), e);
        }
    }

    private String seconds() {
        return String.format(
                Locale.ROOT, "%.1f", Duration.between(began, Instant.now()).toMillis() / 1000.0);
    }

    private synchronized void say(String line) {
        screen.out().println(line);
        screen.out().flush();
    }
}
