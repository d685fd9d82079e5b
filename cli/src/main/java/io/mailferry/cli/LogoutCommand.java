package io.mailferry.cli;

import io.mailferry.cli.rest.RestFailure;
import io.mailferry.cli.signin.KeptToken;
import io.mailferry.cli.signin.SignIn;
import io.mailferry.cli.signin.SignInFile;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Forgets the sign-in, here and at the provider. */
@Command(name = "logout", description = "Forgets the sign-in, here and where the provider can, there.")
final class LogoutCommand implements Callable<Integer> {
    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = "--insecure-http", description = "Allow plain http to the provider.")
    private boolean insecureHttp;

    @Override
    public Integer call() {
        SignInFile file = SignInFile.of(System.getenv());
        Optional<SignIn> signIn = file.read();
        file.delete();
        SignIn.Granted granted = signIn.map(SignIn::oidc).orElse(null);
        if (granted != null) {
            try {
                KeptToken.forget(granted, insecureHttp);
            } catch (RestFailure e) {
                spec.commandLine()
                        .getErr()
                        .println("mailferry: the provider was not told: " + e.getMessage()
                                + " What it gave ends by itself.");
            }
        }
        spec.commandLine().getOut().println(signIn.isPresent() ? "Signed out." : "Nobody was signed in.");
        return 0;
    }
}
