package io.mailferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path passwordFile = Path.of("");
    private Path tokenFile = Path.of("");

    @BeforeEach
    void writeSecrets() throws Exception {
        passwordFile = Files.writeString(folder.resolve("password"), "geheim\n", StandardCharsets.UTF_8);
        tokenFile = Files.writeString(folder.resolve("token"), "token\n", StandardCharsets.UTF_8);
    }

    @Test
    void refusesPlainHttpToExchangeUnlessItIsAskedFor() {
        int exit = run(
                "connect",
                "--tenant",
                "T",
                "--ews",
                "http://mail.example/EWS/Exchange.asmx",
                "--user",
                "u",
                "--password-file",
                passwordFile.toString());

        assertThat(exit).isEqualTo(2);
        assertThat(err()).contains("Plain http").contains("--insecure-http");
    }

    @Test
    void refusesPlainHttpToServicesOnAnotherMachine() {
        int exit = run(withServices("http://inventory.example:8080", "verify"));

        assertThat(exit).isEqualTo(1);
        assertThat(err()).contains("inventory-service").contains("--insecure-http");
    }

    @Test
    void aHostNameThatOnlyLooksLikeLoopbackIsAnotherMachine() {
        int exit = run(withServices("http://127.0.0.1.example:8080", "verify"));

        assertThat(exit).isEqualTo(1);
        assertThat(err()).contains("plain http to another machine");
    }

    @Test
    void takesNoPasswordFromAnArgument() {
        int exit = run(
                "connect", "--tenant", "T", "--ews", "https://mail.example/", "--user", "u", "--password", "geheim");

        assertThat(exit).isEqualTo(2);
        assertThat(err()).contains("--password-file");
    }

    @Test
    void takesEitherAnAuthorityOrAPin() {
        int exit = run(
                "connect",
                "--tenant",
                "T",
                "--ews",
                "https://mail.example/",
                "--user",
                "u",
                "--password-file",
                passwordFile.toString(),
                "--ca",
                "ca.pem",
                "--pin",
                "00");

        assertThat(exit).isEqualTo(2);
        assertThat(err()).contains("mutually exclusive");
    }

    @Test
    void refusesAPinThatIsNoSha256BeforeAnythingIsSent() {
        int exit = run(
                "connect",
                "--tenant",
                "T",
                "--ews",
                "https://mail.example/",
                "--user",
                "u",
                "--password-file",
                passwordFile.toString(),
                "--pin",
                "1234");

        assertThat(exit).isEqualTo(2);
        assertThat(err()).contains("64 hexadecimal digits");
    }

    @Test
    void namesTheFileThatIsMissingAndNotItsContent() {
        int exit = run(
                "connect",
                "--tenant",
                "T",
                "--ews",
                "https://mail.example/",
                "--user",
                "u",
                "--password-file",
                folder.resolve("absent").toString());

        assertThat(exit).isEqualTo(2);
        assertThat(err()).contains("absent").contains("does not exist").doesNotContain("geheim");
    }

    @Test
    void saysThatTheFileOfASecretIsAFolder() {
        tokenFile = folder;

        int exit = run(withServices("http://127.0.0.1:1", "verify"));

        assertThat(exit).isEqualTo(2);
        assertThat(err()).contains("is a folder").contains(folder.toString()).doesNotContain("does not exist");
    }

    @Test
    void saysWhatToDoWhenNoStackIsKnown() {
        int exit = run("verify", "--token-file", tokenFile.toString());

        assertThat(exit).isEqualTo(2);
        assertThat(err()).contains("./mailferry up").contains("--inventory-url");
    }

    @Test
    void saysThatAServiceDoesNotAnswer() {
        int exit = run(withServices("http://127.0.0.1:1", "restore-points"));

        assertThat(exit).isEqualTo(1);
        assertThat(err()).contains("inventory-service does not answer");
    }

    @Test
    void helpListsTheCommands() {
        int exit = run("help");

        assertThat(exit).isZero();
        assertThat(out()).contains("connect", "backup", "verify", "restore-points");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "backup", "verify", "restore-points", "login", "tenant list", "token create"})
    void everyCommandExplainsItself(String command) {
        assertThat(run((command + " --help").split(" "))).isZero();
        assertThat(out()).contains("Usage: mailferry " + command).contains("--token-file", "--timeout");
        assertThat(err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify --nonsense", "verify --timeout soon", "backup", "connect --tenant T", "nonsense"})
    void saysInOneSentenceWhatIsWrongWithTheArgumentsAndWhereToLook(String line) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err().lines()).as(err()).hasSize(1);
        assertThat(err()).startsWith("mailferry: ").contains("See: mailferry help");
    }

    @Test
    void refusesAPasswordInTheUrlWithoutRepeatingIt() {
        int exit = run(
                "connect",
                "--tenant",
                "T",
                "--ews",
                "https://u:hush@mail.example/",
                "--user",
                "u",
                "--password-file",
                passwordFile.toString());

        assertThat(exit).isEqualTo(2);
        assertThat(err()).contains("--password-file").doesNotContain("hush");
    }

    private String[] withServices(String inventory, String command) {
        List<String> arguments = new ArrayList<>(List.of(command, "--token-file", tokenFile.toString()));
        arguments.addAll(List.of("--inventory-url", inventory));
        for (String service : List.of("planner", "exporter", "restore")) {
            arguments.addAll(List.of("--" + service + "-url", "http://127.0.0.1:1"));
        }
        return arguments.toArray(String[]::new);
    }

    private int run(String... arguments) {
        return Mailferry.commandLine(stream(out), stream(err)).execute(arguments);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
