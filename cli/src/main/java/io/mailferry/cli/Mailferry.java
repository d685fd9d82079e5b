package io.mailferry.cli;

import io.mailferry.cli.rest.RestFailure;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Spec;

/** The operator's command line. Exit codes: 0 it is so, 1 it is not or could not be done, 2 the arguments are wrong. */
@Command(
        name = "mailferry",
        description = "Backs Exchange mailboxes up over EWS into S3, and proves that they can be restored.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ConnectCommand.class,
            BackupCommand.class,
            VerifyCommand.class,
            RestorePointsCommand.class,
            HelpCommand.class
        },
        footerHeading = "%n",
        footer = {"`help COMMAND` tells a command's options. Secrets are read from files, never from arguments."})
public final class Mailferry implements Runnable {
    /** Set by the script, which starts these commands itself. */
    private static final String SCRIPT = "mailferry.script";

    private static final String LOCAL_COMMANDS = """

            On this machine:
              demo [--corpus DIR]  Carries a simulated fleet over, with everything real but the fleet.
              up [--data DIR] [--foreground]
                                   Starts Kafka, PostgreSQL, an S3 server and the services.
              down                 Stops what `up` started; its data stays.
              test [--long]        Runs every test; --long adds the large counts.
            """;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    Mailferry() {
        spec = CommandLine.Model.CommandSpec.create();
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(System.out, System.err).execute(arguments));
    }

    static CommandLine commandLine(PrintStream out, PrintStream err) {
        CommandLine line = new CommandLine(new Mailferry())
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof RestFailure || failure instanceof OperatorError) {
                        command.getErr().println("mailferry: " + failure.getMessage());
                        return failure instanceof OperatorError ? CommandLine.ExitCode.USAGE : 1;
                    }
                    throw failure;
                });
        if (Boolean.getBoolean(SCRIPT)) {
            line.getCommandSpec().usageMessage().footer(footerWithLocalCommands());
        }
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static String[] footerWithLocalCommands() {
        return (LOCAL_COMMANDS + "\n`./mailferry help COMMAND` tells a command's options. Secrets are read from files,"
                        + " never from arguments.")
                .lines()
                .toArray(String[]::new);
    }
}
