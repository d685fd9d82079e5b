package io.mailferry.stack;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What the script starts on this machine: {@code up}, {@code down} and {@code demo}. */
@Command(
        name = "mailferry",
        subcommands = {UpCommand.class, DownCommand.class})
public final class Stack {
    private Stack() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Stack())
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (AtExit.isEnding()) {
                        // It fails because it is being stopped; whoever stops it knows.
                        return 1;
                    }
                    if (failure instanceof StackFailure) {
                        command.getErr().println("mailferry: " + failure.getMessage());
                        for (Throwable other : failure.getSuppressed()) {
                            command.getErr().println("mailferry: " + other.getMessage());
                        }
                        return 1;
                    }
                    throw failure;
                })
                .execute(arguments));
    }

    /** Where the state of this machine's stack and demo is: {@code MAILFERRY_HOME}, which the script sets. */
    public static Path home() {
        Map<String, String> environment = System.getenv();
        @Nullable String given = environment.get("MAILFERRY_HOME");
        Path home = given == null || given.isBlank() ? Repository.root().resolve(".mailferry") : Path.of(given);
        return home.toAbsolutePath().normalize();
    }
}
