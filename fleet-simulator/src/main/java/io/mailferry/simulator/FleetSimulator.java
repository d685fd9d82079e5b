package io.mailferry.simulator;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program's entry. */
@Command(
        name = "fleet-simulator",
        description =
                "Exchange servers that answer EWS over HTTP, with programmable faults, and the agents beside them.",
        mixinStandardHelpOptions = true,
        subcommands = {ServeCommand.class, SimulateCommand.class, ConformanceCommand.class})
public final class FleetSimulator {
    private FleetSimulator() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FleetSimulator()).execute(arguments));
    }
}
