package io.mailferry.simulator;

import io.mailferry.simulator.conformance.Conformance;
import io.mailferry.simulator.conformance.Verdicts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at an agent's life on its line to a real gateway, and says of each rule whether it is kept. */
@Command(
        name = "conformance",
        description = {
            "Runs an agent against a deployment, with a recording proxy between them, and says one line for each rule of",
            "docs/agent-protocol.md. Takes about half a minute. Ends with 1 if a rule is not kept."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ConformanceCommand implements Callable<Integer> {
    /** Long enough for an agent that says only every other second what has become of it. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    private static final int SECONDS_MAX = 3_600;

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = "--url", required = true, paramLabel = "U", description = "inventory-service's address.")
    private String url = "";

    @Option(
            names = "--token-file",
            required = true,
            paramLabel = "F",
            description = "File with an enrolment token that is good for two agents.")
    private Path tokenFile = Path.of("");

    @Option(
            names = "--agent",
            paramLabel = "COMMAND",
            description = {
                "The agent's command line, its words parted by blanks, with {url} for the gateway's address,",
                "{token-file}, and {folder} for what survives a restart. Absent: a simulated agent."
            })
    private @Nullable String agent;

    @Option(
            names = "--patience",
            paramLabel = "S",
            defaultValue = "20",
            description = "Seconds within which the agent does what it has to; 20.")
    private int patience;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (patience < 1 || patience > SECONDS_MAX) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--patience is from 1 to 3,600.");
        }
        if (!Files.isReadable(tokenFile)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--token-file cannot be read: " + tokenFile);
        }
        Verdicts verdicts = Conformance.of(new Conformance.Settings(
                command(),
                url,
                tokenFile.toAbsolutePath(),
                Files.createTempDirectory("mailferry-conformance-"),
                Duration.ofSeconds(patience),
                QUIET));
        PrintWriter out = spec.commandLine().getOut();
        verdicts.lines().forEach(out::println);
        int kept = verdicts.rules().size() - verdicts.failed().size();
        out.println(kept + " of " + verdicts.rules().size() + " rules kept");
        out.flush();
        return verdicts.isConformant() ? 0 : 1;
    }

    private List<String> command() {
        return agent == null ? simulated() : List.of(agent.strip().split("\\s+"));
    }

    /** This program's own agent, in a process of its own. */
    private static List<String> simulated() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FleetSimulator.class.getName(),
                "simulate",
                "--agents",
                "1",
                "--url",
                "{url}",
                "--token-file",
                "{token-file}",
                "--journals",
                "{folder}");
    }
}
