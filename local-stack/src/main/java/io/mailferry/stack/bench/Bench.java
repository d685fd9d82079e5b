package io.mailferry.stack.bench;

import io.mailferry.stack.StackFailure;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What the script starts as {@code bench}: measurements of the real parts on this machine. */
@Command(
        name = "bench",
        description = "Measures what this machine bears, beside what was wanted.",
        mixinStandardHelpOptions = true,
        subcommands = {ControlBench.class})
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench())
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof StackFailure) {
                        command.getErr().println("mailferry: " + failure.getMessage());
                        return 1;
                    }
                    throw failure;
                })
                .execute(arguments));
    }
}
