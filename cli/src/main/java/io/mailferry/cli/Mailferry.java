package io.mailferry.cli;

import io.mailferry.cli.rest.RestFailure;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
            TenantCommands.class,
            TokenCommands.class,
            AgentCommands.class,
            ServerCommands.class,
            MailboxCommands.class,
            LoginCommand.class,
            LogoutCommand.class,
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
              bench control        Measures how many agents' heartbeats this machine bears.
              up [--data DIR] [--foreground]
                                   Starts Kafka, PostgreSQL, an S3 server and the services.
              down                 Stops what `up` started; its data stays.
              test [--long]        Runs every test; --long adds the large counts.
              simulate --agents N --url U --token-file F
                                   Runs simulated agents against any deployment until Ctrl-C.
              conformance --url U --token-file F [--agent COMMAND]
                                   Says of each rule of the agents' protocol whether an agent keeps it.
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
                .setParameterExceptionHandler((failure, arguments) -> wrongArguments(failure))
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
        addHelp(line);
        if (Boolean.getBoolean(SCRIPT)) {
            line.getCommandSpec().usageMessage().footer(footerWithLocalCommands());
        }
        return line;
    }

    private static void addHelp(CommandLine line) {
        if (line.getCommandSpec().findOption("--help") == null) {
            line.getCommandSpec()
                    .addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                            .usageHelp(true)
                            .description("Shows this.")
                            .build());
        }
        line.getSubcommands().values().forEach(Mailferry::addHelp);
    }

    private static int wrongArguments(CommandLine.ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        boolean isRoot = command.getParent() == null;
        command.getErr()
                .println("mailferry: " + failure.getMessage() + ". See: mailferry help"
                        + (isRoot ? "" : " " + topmost(command).getCommandName()));
        return CommandLine.ExitCode.USAGE;
    }

    /** Of a command within a command, as {@code tenant list}, the outer one, whose help lists both. */
    private static CommandLine topmost(CommandLine command) {
        CommandLine outer = command;
        while (outer.getParent() != null && outer.getParent().getParent() != null) {
            outer = outer.getParent();
        }
        return outer;
    }

    private static int failed(Exception failure, CommandLine command) {
        if (failure instanceof OperatorError) {
            command.getErr().println("mailferry: " + failure.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        if (failure instanceof RestFailure) {
            command.getErr().println("mailferry: " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        command.getErr()
                .println("mailferry: this is a defect of this program, please report it: "
                        + failure.getClass().getSimpleName() + " in "
                        + Arrays.stream(failure.getStackTrace())
                                .filter(frame -> frame.getClassName().startsWith("io.mailferry"))
                                .findFirst()
                                .map(StackTraceElement::toString)
                                .orElse("a library"));
        return CommandLine.ExitCode.SOFTWARE;
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
