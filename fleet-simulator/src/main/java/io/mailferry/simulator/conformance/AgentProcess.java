package io.mailferry.simulator.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The agent that is looked at, as its own process; what it prints is kept. */
final class AgentProcess implements AutoCloseable {
    private static final int STOPS_WITHIN_SECONDS = 10;

    private final Process process;
    private final Path output;

    private AgentProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** @param command with {url}, {token-file} and {folder}, where the agent may keep what survives a restart */
    static AgentProcess start(List<String> command, String url, Path tokenFile, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path output = Files.createTempFile(folder.toAbsolutePath().getParent(), "agent-", ".log");
        List<String> line = command.stream()
                .map(word -> word.replace("{url}", url)
                        .replace("{token-file}", tokenFile.toString())
                        .replace("{folder}", folder.toString()))
                .toList();
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new AgentProcess(process, output);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String printed() throws IOException {
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    }

    /** As when the machine loses its power. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The agent's process does not end");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
