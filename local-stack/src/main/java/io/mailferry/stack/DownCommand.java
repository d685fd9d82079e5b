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

/** Stops what {@code up} started, or is still starting. Services finish what they hold; the data stays. */
@Command(name = "down", description = "Stops what `up` started; its data stays.", mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BEGINNING = Duration.ofSeconds(15);

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        StackFile file = new StackFile(Stack.home());
        Optional<ProcessHandle> holder = holder(file);
        if (holder.isEmpty()) {
            boolean isAbandoned = file.isAbandoned();
            file.endAbandoned();
            out.println(
                    isAbandoned
                            ? "Nothing is up. The last stack was not stopped in order; what was left of it has ended."
                            : "Nothing is up.");
            return 0;
        }
        Optional<JsonNode> ready = file.live();
        file.stopping(holder.get());
        end(holder.get());
        file.delete();
        out.println(ready.map(stack ->
                        "Stopped. The data stays in " + stack.path("data").asText())
                .orElse("Stopped while it was starting. Its data stays."));
        return 0;
    }

    /** The process that holds the stack; waited for when an {@code up} has only just begun to start it. */
    private static Optional<ProcessHandle> holder(StackFile file) {
        long until = System.nanoTime() + BEGINNING.toNanos();
        Optional<ProcessHandle> holder = Claim.holder(file.held());
        while (holder.isEmpty() && Claim.holder(file.starting()).isPresent() && System.nanoTime() < until) {
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StackFailure("Interrupted before anything was stopped.", e);
            }
            holder = Claim.holder(file.held());
        }
        return holder;
    }

    private static void end(ProcessHandle process) {
        if (!process.destroy() && process.isAlive()) {
            throw new StackFailure(
                    "Process " + process.pid() + ", which holds the stack, cannot be stopped by this user.");
        }
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
