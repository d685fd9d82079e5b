package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.cli.rest.OperatorToken;
import io.mailferry.cli.rest.Patience;
import io.mailferry.cli.rest.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the services are and who asks: options, else the environment, else what `up` wrote on this machine. */
final class ServiceOptions {
    private static final String STACK_FILE = "stack.json";

    @Option(
            names = "--inventory-url",
            paramLabel = "URL",
            description = "inventory-service, or MAILFERRY_INVENTORY_URL.")
    private @Nullable String inventory;

    @Option(names = "--planner-url", paramLabel = "URL", description = "planner-service, or MAILFERRY_PLANNER_URL.")
    private @Nullable String planner;

    @Option(names = "--exporter-url", paramLabel = "URL", description = "exporter-service, or MAILFERRY_EXPORTER_URL.")
    private @Nullable String exporter;

    @Option(names = "--restore-url", paramLabel = "URL", description = "restore-service, or MAILFERRY_RESTORE_URL.")
    private @Nullable String restore;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the operator's token, or MAILFERRY_TOKEN_FILE.")
    private @Nullable Path tokenFile;

    @Option(names = "--insecure-http", description = "Allow plain http, which shows mail and passwords to the network.")
    boolean insecureHttp;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "${env:MAILFERRY_TIMEOUT:-60}",
            description = "How long to wait for one answer; 60, or MAILFERRY_TIMEOUT.")
    private int timeout;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "${env:MAILFERRY_PATIENCE:-30}",
            description = "How long a service may be away while work is followed; 30, or MAILFERRY_PATIENCE.")
    private int patience;

    Services services() {
        if (timeout < 1 || patience < 0) {
            throw new OperatorError("--timeout is at least 1 second, --patience not negative.");
        }
        Map<String, String> environment = System.getenv();
        @Nullable JsonNode stack = stack(home(environment));
        return Services.at(
                url("inventory", inventory, environment, stack),
                url("planner", planner, environment, stack),
                url("exporter", exporter, environment, stack),
                url("restore", restore, environment, stack),
                token(environment, stack),
                insecureHttp,
                new Patience(Duration.ofSeconds(timeout), Duration.ofSeconds(patience)));
    }

    private static Path home(Map<String, String> environment) {
        return Path.of(environment.getOrDefault("MAILFERRY_HOME", ".mailferry"));
    }

    private static @Nullable JsonNode stack(Path home) {
        Path file = home.resolve(STACK_FILE);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new OperatorError(
                    file + " cannot be read as what `up` writes. Is another user's stack running here? Say"
                            + " where the services are with --inventory-url and the other options of its kind.");
        }
    }

    private static String url(
            String name, @Nullable String given, Map<String, String> environment, @Nullable JsonNode stack) {
        if (given != null) {
            return given;
        }
        @Nullable String variable = environment.get("MAILFERRY_" + name.toUpperCase(Locale.ROOT) + "_URL");
        if (variable != null && !variable.isBlank()) {
            return variable;
        }
        if (stack != null && stack.path("services").path(name).path("url").isTextual()) {
            return stack.path("services").path(name).path("url").asText();
        }
        throw new OperatorError(
                "No Mailferry is known here. Start one on this machine with `./mailferry up`, or say where"
                        + " it is with --" + name + "-url and the other options of its kind.");
    }

    private OperatorToken token(Map<String, String> environment, @Nullable JsonNode stack) {
        @Nullable Path file = tokenFile;
        String named = " (--token-file)";
        if (file == null && environment.containsKey("MAILFERRY_TOKEN_FILE")) {
            file = Path.of(environment.getOrDefault("MAILFERRY_TOKEN_FILE", ""));
            named = " (MAILFERRY_TOKEN_FILE)";
        }
        if (file == null && stack != null && stack.path("tokenFile").isTextual()) {
            file = Path.of(stack.path("tokenFile").asText());
            named = ", which `up` wrote";
        }
        if (file == null) {
            throw new OperatorError("An operator's token is needed: --token-file FILE.");
        }
        return new OperatorToken(SecretFile.read(file, "operator's token"), file + named);
    }
}
