package io.mailferry.stack.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.cli.rest.RestFailure;
import io.mailferry.cli.rest.Services;
import io.mailferry.stack.Claim;
import io.mailferry.stack.LocalStack;
import io.mailferry.stack.ServiceKind;
import io.mailferry.stack.Stack;
import io.mailferry.stack.StackFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The agents' gateway and what is behind it, up to the rows in PostgreSQL, under the load of a fleet. */
@Command(
        name = "control",
        description = "Heartbeats of simulated agents, through to PostgreSQL; starts and ends parts of its own.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ControlBench implements Callable<Integer> {
    private static final int SECONDS_MAX = 600;
    private static final int AGENTS_MAX = 15_000;
    private static final double PERCENT_GROWTH_MAX = 10;
    private static final String NAME = "control";

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(
            names = "--agents",
            split = ",",
            paramLabel = "N",
            defaultValue = "100,1000,10000",
            description =
                    "How many agents, each on a connection of its own; in rising order. 100,1000,10000 if absent.")
    private List<Integer> agents = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "8",
            description = "How long each load lasts; 8 if absent.")
    private int seconds;

    @Option(names = "--json", description = "One JSON object on standard output instead of a table.")
    private boolean json;

    private ControlBench() {}

    @Override
    public Integer call() {
        if (seconds < 1
                || seconds > SECONDS_MAX
                || agents.isEmpty()
                || agents.stream().anyMatch(count -> count < 1 || count > AGENTS_MAX)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--seconds is 1 to " + SECONDS_MAX + ", each of --agents 1 to " + AGENTS_MAX + ".");
        }
        Path folder = Stack.home().resolve("bench");
        try (Claim _ = Claim.take(
                Stack.home().resolve("bench.lock"), "A bench is running already with its state in " + folder)) {
            List<Result> results = measure(emptied(folder));
            print(results);
            return results.stream().anyMatch(result -> Boolean.FALSE.equals(result.met())) ? 3 : 0;
        } catch (RestFailure e) {
            throw new StackFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private List<Result> measure(Path folder) {
        LocalStack.Options options = LocalStack.Options.in(folder)
                .only(ServiceKind.INVENTORY)
                .changing(ServiceKind.INVENTORY, environment -> {
                    environment.put("MAILFERRY_GATEWAY_BARE_ENDPOINT", "true");
                    return environment;
                })
                .telling(this::say);
        List<Result> results = new ArrayList<>();
        List<Double> memory = new ArrayList<>();
        try (LocalStack stack = LocalStack.start(options)) {
            String url = stack.service(ServiceKind.INVENTORY).url();
            Services services = Services.at(url, url, url, url, stack.folder().operatorToken(), false);
            for (int count : agents.stream().sorted().distinct().toList()) {
                Phases phases = new Phases(stack, services.inventory(), count, Duration.ofSeconds(seconds), this::say);
                results.addAll(phases.measure());
                memory.add(phases.residentMegabytes());
            }
        }
        if (memory.size() > 1) {
            double before = memory.get(memory.size() - 2);
            results.add(Result.atMost(
                    "memory from " + agents.get(agents.size() - 2) + " to " + agents.getLast() + " agents",
                    100 * (memory.getLast() - before) / before,
                    "% more",
                    PERCENT_GROWTH_MAX));
        }
        return results;
    }

    private void print(List<Result> results) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            try {
                out.println(new ObjectMapper().writeValueAsString(Map.of("bench", NAME, "results", results)));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("figures can always be written as JSON", e);
            }
        } else {
            for (Result result : results) {
                out.println(String.format(
                        Locale.ROOT,
                        "%-58s %12.2f %-24s %-10s %s",
                        result.name(),
                        result.value(),
                        result.unit(),
                        result.wanted() == null ? "" : result.wanted(),
                        result.met() == null ? "" : result.met() ? "met" : "MISSED"));
            }
        }
        out.flush();
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
    }

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
}
