package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.cli.rest.RestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tokens by which agents enrol. */
@Command(name = "token", description = "Makes tokens by which agents enrol.", synopsisSubcommandLabel = "COMMAND")
final class TokenCommands {
    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Command(
            name = "create",
            description = "Makes a token and prints it, alone on its line. It is shown this once only.")
    int create(
            @Option(names = "--tenant", required = true, paramLabel = "T", description = "Its name or id.")
                    String tenant,
            @Option(
                            names = "--uses",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "How many agents may use it; 1.")
                    int uses,
            @Option(
                            names = "--expires-in",
                            paramLabel = "DURATION",
                            defaultValue = "P7D",
                            description = "How long it may be used, such as PT1H or P7D (the default).")
                    String expiresIn,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Write it to a new file that only you may read.")
                    @Nullable
                    Path out,
            @Mixin ServiceOptions options) {
        RestClient inventory = options.inventory();
        String id = new Catalogue(inventory).tenants(tenant).getFirst().id();
        ObjectNode body = RestClient.body().put("uses", uses).put("expiresIn", expiresIn);
        if (out != null) {
            // Before the token is made: one that cannot be written would be lost.
            create(out);
        }
        JsonNode issued = inventory.post("/tenants/" + id + "/enrolment-tokens", body);
        String token = inventory.text(issued, "token");
        if (out == null) {
            spec.commandLine().getOut().println(token);
        } else {
            write(out, token);
        }
        spec.commandLine()
                .getErr()
                .println("mailferry: good for " + issued.path("uses").asInt() + " agents until "
                        + issued.path("expiresAt").asText() + ".");
        return 0;
    }

    private static void create(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownersOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            Files.createFile(file, ownersOnly);
        } catch (FileAlreadyExistsException e) {
            throw new OperatorError("There is a file of that name already: " + file);
        } catch (IOException e) {
            throw new OperatorError("The file for the token cannot be written: " + file);
        }
    }

    private static void write(Path file, String token) {
        try {
            Files.writeString(file, token + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new OperatorError("The token could not be written and is lost: " + file + ". Make another one.");
        }
    }
}
