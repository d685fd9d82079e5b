package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.stack.ServiceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The operator's commands as the script runs them, each a process of its own, from an unknown server to a proof. */
@ExtendWith(SystemStack.class)
final class CommandsIT {
    private static final String ADDRESS = "commands@system.example";
    private static final long MINUTES = 3;

    private final SystemStack.Running running;
    private final Path folder;

    CommandsIT(SystemStack.Running running, @TempDir Path folder) {
        this.running = running;
        this.folder = folder;
    }

    /** @param text standard output and error */
    private record Ended(int exit, String text) {}

    @Test
    void connectsBacksUpVerifiesAndListsWithItsCounts() throws Exception {
        String tenant = "Commands " + UUID.randomUUID();
        long items = running.fleet().truth(ADDRESS).size();
        long readable = running.fleet().truth(ADDRESS).stream()
                .filter(SimulatedFleet.Truth::readable)
                .count();
        assertThat(items - readable).as("spoiled items").isEqualTo(1);

        Ended connected = connect(
                tenant, password(), "--ca", running.fleet().certificate().toString());
        Ended backedUp = run("backup", "--tenant", tenant, ADDRESS);
        Ended verified = run("verify", "--tenant", tenant, ADDRESS);
        Ended listed = run("restore-points", "--tenant", tenant, ADDRESS);

        assertThat(connected).satisfies(ended -> ended(ended, 0, "Registered " + SimulatedFleet.SERVER));
        assertThat(backedUp)
                .satisfies(ended -> ended(
                        ended,
                        0,
                        ADDRESS + ": " + readable + " items stored, 1 skipped, ",
                        ", complete, restore point"));
        assertThat(verified)
                .satisfies(ended -> ended(
                        ended,
                        0,
                        ADDRESS + ": " + readable + " items (",
                        ") read back and right, 1 skipped, complete"));
        assertThat(listed).satisfies(ended -> ended(ended, 0, "  " + readable + " items, 1 skipped, ", ", complete"));
        assertThat(listed.text().lines().filter(line -> line.contains(" items, ")))
                .as("restore points")
                .hasSize(1);
        assertThat(List.of(connected, backedUp, verified, listed))
                .noneMatch(ended -> ended.text().contains(running.fleet().servicePassword(SimulatedFleet.SERVER)));
    }

    @Test
    void endsWithAnotherCodeWhenItCannotBeDone() throws Exception {
        String tenant = "Commands " + UUID.randomUUID();
        assertThat(connect(tenant, folder.resolve("absent")))
                .satisfies(ended -> ended(ended, 2, folder.resolve("absent").toString()));
        assertThat(run("backup", "--tenant", tenant, ADDRESS))
                .satisfies(ended -> ended(ended, 2, "There is no tenant named " + tenant));

        assertThat(connect(tenant, password()).exit()).isZero();

        assertThat(run("verify", "--tenant", tenant, ADDRESS))
                .satisfies(ended -> ended(ended, 2, "This mailbox is not known: " + ADDRESS));
        assertThat(run("backup", "--tenant", tenant, "nobody@system.example"))
                .satisfies(ended -> ended(ended, 1, "nobody@system.example: failed: "));
        assertThat(run("verify", "--tenant", tenant, "nobody@system.example"))
                .satisfies(ended ->
                        ended(ended, 1, "could not be verified: it has no restore point", "(NO_RESTORE_POINT"));
        assertThat(run("backup")).satisfies(ended -> ended(ended, 2, "MAILBOX"));
    }

    private static void ended(Ended ended, int exit, String... says) {
        assertThat(ended.text()).contains(says);
        assertThat(ended.exit()).isEqualTo(exit);
    }

    private Path password() throws IOException {
        Path file = Files.writeString(
                folder.resolve("password"), running.fleet().servicePassword(SimulatedFleet.SERVER) + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Ended connect(String tenant, Path password) throws IOException, InterruptedException {
        Map<?, ?> trust =
                (Map<?, ?>) running.fleet().connection(SimulatedFleet.SERVER).get("trust");
        return connect(tenant, password, "--pin", String.valueOf(trust.get("sha256")));
    }

    /** @param trust such as {@code --ca} and a file */
    private Ended connect(String tenant, Path password, String... trust) throws IOException, InterruptedException {
        Map<String, Object> server = running.fleet().connection(SimulatedFleet.SERVER);
        List<String> arguments = new ArrayList<>(List.of(
                "connect",
                "--tenant",
                tenant,
                "--name",
                SimulatedFleet.SERVER,
                "--ews",
                String.valueOf(server.get("ewsUrl")),
                "--user",
                String.valueOf(server.get("user")),
                "--password-file",
                password.toString(),
                "--impersonate"));
        arguments.addAll(List.of(trust));
        return run(arguments.toArray(String[]::new));
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Path.of(System.getProperty("mailferry.root"), "cli/target/cli-0.1.0-all.jar")
                        .toString()));
        line.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "command", ".txt");
        ProcessBuilder command =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        command.environment().put("MAILFERRY_HOME", folder.toString());
        command.environment()
                .put(
                        "MAILFERRY_TOKEN_FILE",
                        running.stack().folder().tokenFile().toString());
        command.environment().put("MAILFERRY_INVENTORY_URL", url(ServiceKind.INVENTORY));
        command.environment().put("MAILFERRY_PLANNER_URL", url(ServiceKind.PLANNER));
        command.environment().put("MAILFERRY_EXPORTER_URL", url(ServiceKind.EXPORTER));
        command.environment().put("MAILFERRY_RESTORE_URL", url(ServiceKind.RESTORE));
        Process process = command.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("not within " + MINUTES + " minutes: " + String.join(" ", arguments));
        }
        return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    private String url(ServiceKind service) {
        return running.stack().service(service).url();
    }
}
