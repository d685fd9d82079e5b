package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.cli.signin.DeviceSignIn;
import io.mailferry.cli.signin.SignIn;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Spec;

/** Signs in, so that later commands need neither a token nor addresses. */
@Command(
        name = "login",
        description = {
            "Signs in at the provider that the services name, or with --token-file where they take tokens of a file.",
            "Later commands use it and the addresses given here."
        },
        sortOptions = false)
final class LoginCommand implements Callable<Integer> {
    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, String> addresses = options.addresses();
        @Nullable Path tokenFile = options.tokenFile().orElse(null);
        if (tokenFile == null) {
            JsonNode provider = options.inventoryForAnybody().read("/sign-in").path("oidc");
            if (!provider.isObject()) {
                throw new OperatorError("This Mailferry takes tokens of its operators' file only: mailferry login"
                        + " --token-file FILE");
            }
            SignIn.Granted granted = DeviceSignIn.at(
                    provider.path("url").asText(),
                    provider.path("client").asText(),
                    options.insecureHttp,
                    InstantSource.system(),
                    out);
            options.signIns().write(new SignIn(addresses, null, granted));
        } else {
            // Also finds out whether the token is any good.
            options.inventory().read("/tenants");
            options.signIns()
                    .write(new SignIn(
                            addresses, tokenFile.toAbsolutePath().normalize().toString(), null));
        }
        out.println("Signed in at " + addresses.get("inventory") + ".");
        return 0;
    }
}
