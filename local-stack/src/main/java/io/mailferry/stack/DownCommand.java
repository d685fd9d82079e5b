package io.mailferry.stack;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Spec;

/** Stops what {@code up} started. Services finish what they hold; the data stays. */
@Command(name = "down", description = "Stops what `up` started; its data stays.", mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        StackFile file = new StackFile(Stack.home());
        Optional<JsonNode> live = file.live();
        if (live.isEmpty()) {
            file.delete();
            out.println("Nothing is up.");
            return 0;
        }
        Optional<ProcessHandle> process = StackFile.process(live.get());
        process.ifPresent(DownCommand::end);
        file.delete();
        out.println("Stopped. The data stays in " + live.get().path("data").asText());
        return 0;
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The tethers of its children end them when it is gone.
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while the stack stops.", e);
        }
    }
}
