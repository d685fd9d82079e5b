package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.cli.rest.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    Services services() {
        Map<String, String> environment = System.getenv();
        @Nullable JsonNode stack = stack(home(environment));
        return Services.at(
                url("inventory", inventory, environment, stack),
                url("planner", planner, environment, stack),
                url("exporter", exporter, environment, stack),
                url("restore", restore, environment, stack),
                token(environment, stack),
                insecureHttp);
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
            throw new OperatorError(file + " cannot be read: " + e.getMessage());
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

    private String token(Map<String, String> environment, @Nullable JsonNode stack) {
        @Nullable Path file = tokenFile;
        if (file == null && environment.containsKey("MAILFERRY_TOKEN_FILE")) {
            file = Path.of(environment.getOrDefault("MAILFERRY_TOKEN_FILE", ""));
        }
        if (file == null && stack != null && stack.path("tokenFile").isTextual()) {
            file = Path.of(stack.path("tokenFile").asText());
        }
        if (file == null) {
            throw new OperatorError("An operator's token is needed: --token-file FILE.");
        }
        return SecretFile.read(file, "operator's token");
    }
}
