package io.mailferry.stack.demo;

import io.mailferry.cli.rest.RestFailure;
import io.mailferry.cli.rest.Services;
import io.mailferry.cli.terminal.ProgressBoard;
import io.mailferry.cli.terminal.Screen;
import io.mailferry.stack.Claim;
import io.mailferry.stack.FleetSimulator;
import io.mailferry.stack.LocalStack;
import io.mailferry.stack.ServiceKind;
import io.mailferry.stack.Stack;
import io.mailferry.stack.StackFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
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

    private final Ending ending = new Ending(Screen.standard(), System.out.charset(), Clock.systemUTC());
    private final Screen screen = ending.screen();

    private Demo() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Demo()).setUsageHelpWidth(100).execute(arguments));
    }

    @Override
    public Integer call() {
        return ending.of(this::carry);
    }

    private Tally carry(Consumer<Tally> heard) {
        if (corpus != null && !Files.isDirectory(corpus)) {
            throw new StackFailure("--corpus is not a folder: " + corpus);
        }
        Path folder = Stack.home().resolve("demo");
        try (Claim _ = Claim.take(
                Stack.home().resolve("demo.lock"), "A demo is running already with its state in " + folder)) {
            return carry(emptied(folder), heard);
        }
    }

    private Tally carry(Path folder, Consumer<Tally> heard) {
        say(screen.bold("Starting the real parts, the services and a simulated fleet."));
        say("  Everything is on loopback. State and logs are in");
        say("  " + folder);
        Tally tally;
        try (LocalStack stack = start(folder);
                FleetSimulator simulator = FleetSimulator.start(
                        folder.resolve("simulator"), Optional.empty(), Optional.ofNullable(corpus))) {
            say(String.format(
                    Locale.ROOT, "  %-18s %-24s process %d", "fleet-simulator", simulator.control(), simulator.pid()));
            say("  Everything runs after " + seconds() + " s.");
            try {
                tally = carry(stack, simulator, heard);
            } catch (RestFailure e) {
                List<String> ended = stack.ended();
                if (ended.isEmpty()) {
                    throw e;
                }
                throw new StackFailure(
                        String.join(", ", ended) + " ended unexpectedly; the logs are below " + folder, e);
            }
            say("");
            say("Stopping everything.");
        }
        Paragraph.lines("The bucket, the logs and the database stay in " + folder + " until the next demo.", screen, 0)
                .forEach(this::say);
        return tally;
    }

    private Tally carry(LocalStack stack, FleetSimulator simulator, Consumer<Tally> heard) {
        FleetControl control = new FleetControl(simulator.control());
        ProgressBoard board = new ProgressBoard(screen, Clock.systemUTC());
        Operation operation = new Operation(services(stack), control, board, screen, ending::elapsed, heard);
        List<Ferried> mailboxes =
                operation.carry(stack.service(ServiceKind.INVENTORY).url());
        Tally tally = Tally.of(mailboxes);
        new Report(screen).print(mailboxes, tally);
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
        return String.format(Locale.ROOT, "%.1f", ending.elapsed().toMillis() / 1000.0);
    }

    private synchronized void say(String line) {
        screen.out().println(line);
        screen.out().flush();
    }
}
