package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.cli.rest.OperatorToken;
import io.mailferry.cli.rest.Patience;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.rest.Services;
import io.mailferry.cli.signin.KeptToken;
import io.mailferry.cli.signin.SignIn;
import io.mailferry.cli.signin.SignInFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where the services are and who asks: options, else the environment, else what `up` wrote in this folder, else the sign-in.
 */
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
        Known known = known();
        return Services.at(
                url("inventory", inventory, known),
                url("planner", planner, known),
                url("exporter", exporter, known),
                url("restore", restore, known),
                token(known, List.of("inventory", "planner", "exporter", "restore")),
                insecureHttp,
                patience());
    }

    /** inventory-service alone, for commands that need no other. */
    RestClient inventory() {
        Known known = known();
        return Services.inventoryAt(
                url("inventory", inventory, known), token(known, List.of("inventory")), insecureHttp, patience());
    }

    /** inventory-service for what it tells anybody. */
    RestClient inventoryForAnybody() {
        return Services.inventoryAt(url("inventory", inventory, known()), OperatorToken.NONE, insecureHttp, patience());
    }

    /** Each service's address, as far as it is known. */
    Map<String, String> addresses() {
        Known known = known();
        Map<String, String> addresses = new HashMap<>();
        given().forEach((name, given) -> address(name, given, known).ifPresent(url -> addresses.put(name, url)));
        return addresses;
    }

    /** The file that --token-file names, and nothing else. */
    Optional<Path> tokenFile() {
        return Optional.ofNullable(tokenFile);
    }

    SignInFile signIns() {
        return SignInFile.of(System.getenv());
    }

    private Map<String, Optional<String>> given() {
        return Map.of(
                "inventory", Optional.ofNullable(inventory),
                "planner", Optional.ofNullable(planner),
                "exporter", Optional.ofNullable(exporter),
                "restore", Optional.ofNullable(restore));
    }

    /** What is known without being said: the stack of this folder, and who signed in where. */
    private record Known(
            Map<String, String> environment, @Nullable JsonNode stack, Optional<SignIn> signIn) {}

    private Known known() {
        Map<String, String> environment = System.getenv();
        return new Known(environment, stack(home(environment)), signIns().read());
    }

    private Patience patience() {
        if (timeout < 1 || patience < 0) {
            throw new OperatorError("--timeout is at least 1 second, --patience not negative.");
        }
        return new Patience(Duration.ofSeconds(timeout), Duration.ofSeconds(patience));
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

    private static String url(String name, @Nullable String given, Known known) {
        return address(name, Optional.ofNullable(given), known)
                .orElseThrow(() -> new OperatorError(
                        "No Mailferry is known here. Start one on this machine with `./mailferry up`, or say where"
                                + " it is with --" + name + "-url and the other options of its kind."));
    }

    /** A stack in this folder goes before a sign-in elsewhere: whoever tries something out must not hit that one. */
    private static Optional<String> address(String name, Optional<String> given, Known known) {
        String variable = known.environment.getOrDefault("MAILFERRY_" + name.toUpperCase(Locale.ROOT) + "_URL", "");
        return given.or(() -> variable.isBlank() ? Optional.empty() : Optional.of(variable))
                .or(() -> Optional.ofNullable(known.stack)
                        .map(stack ->
                                stack.path("services").path(name).path("url").asText(""))
                        .filter(url -> !url.isEmpty()))
                .or(() -> known.signIn.map(signIn -> signIn.services().get(name)));
    }

    private OperatorToken token(Known known, List<String> services) {
        if (tokenFile != null) {
            return read(tokenFile, " (--token-file)");
        }
        if (known.environment.containsKey("MAILFERRY_TOKEN_FILE")) {
            return read(Path.of(known.environment.getOrDefault("MAILFERRY_TOKEN_FILE", "")), " (MAILFERRY_TOKEN_FILE)");
        }
        if (known.stack != null && known.stack.path("tokenFile").isTextual()) {
            return read(Path.of(known.stack.path("tokenFile").asText()), ", which `up` wrote");
        }
        SignIn signIn = known.signIn.orElseThrow(() -> new OperatorError(
                "An operator's token is needed: sign in with `mailferry login`, or --token-file FILE."));
        Map<String, String> addresses = addresses();
        for (String service : services) {
            if (!Objects.equals(addresses.get(service), signIn.services().get(service))) {
                // A token is for where it was given, and is shown to nobody else.
                throw new OperatorError("You are signed in, but not at the " + service + "-service that is meant. Say"
                        + " --token-file FILE, or sign in there: mailferry login");
            }
        }
        @Nullable String file = signIn.tokenFile();
        if (file != null) {
            return read(Path.of(file), ", which `login` was told");
        }
        SignIn.Granted granted = signIn.oidc();
        if (granted == null) {
            throw new OperatorError("An operator's token is needed: sign in with `mailferry login`.");
        }
        return new OperatorToken(
                new KeptToken(signIns(), granted, insecureHttp, InstantSource.system()), "`mailferry login`");
    }

    private static OperatorToken read(Path file, String named) {
        return new OperatorToken(SecretFile.read(file, "operator's token"), file + named);
    }
}
