package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.rest.Services;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes an Exchange server known, with the account that reads it. */
@Command(
        name = "connect",
        description = "Makes an Exchange server known. Can be repeated, to change its URL, trust or account.",
        sortOptions = false)
final class ConnectCommand implements Callable<Integer> {
    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = "--tenant", required = true, paramLabel = "T", description = "The tenant's name; made when new.")
    private String tenant = "";

    @Option(
            names = "--ews",
            required = true,
            paramLabel = "URL",
            description = "Such as https://mail.example.com/EWS/Exchange.asmx.")
    private String ews = "";

    @Option(names = "--user", required = true, paramLabel = "U", description = "The account that reads mail.")
    private String user = "";

    @Option(
            names = "--password-file",
            required = true,
            paramLabel = "FILE",
            description = "File that holds the account's password and nothing else.")
    private Path passwordFile = Path.of("");

    @ArgGroup(exclusive = true)
    private @Nullable Trusted trusted;

    @Option(names = "--impersonate", description = "The account reads others' mailboxes by ApplicationImpersonation.")
    private boolean impersonate;

    @Option(names = "--name", paramLabel = "NAME", description = "The server's name; the URL's host when absent.")
    private @Nullable String name;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    /** Whose certificate is believed; without it, the authorities of the system. */
    static final class Trusted {
        @Option(names = "--ca", paramLabel = "FILE", description = "Believe only the authorities in this PEM file.")
        private @Nullable Path authority;

        @Option(names = "--pin", paramLabel = "SHA256", description = "Believe only the certificate with this SHA-256.")
        private @Nullable String pin;
    }

    @Override
    public Integer call() {
        requireSafeUrl();
        ObjectNode body = RestClient.body()
                .put("ewsUrl", ews)
                .put("user", user)
                .put("password", SecretFile.read(passwordFile, "account's password"))
                .put("impersonate", impersonate)
                .put("insecureHttp", options.insecureHttp);
        if (name != null) {
            body.put("name", name);
        }
        addTrust(body);
        Services services = options.services();
        Catalogue.Tenant known = new Catalogue(services.inventory()).tenantNamed(tenant);
        JsonNode server = services.inventory().post("/tenants/" + known.id() + "/servers", body);
        spec.commandLine()
                .getOut()
                .println("Registered " + server.path("name").asText() + " for " + known.name()
                        + " (not tried yet: the first backup does). Next: mailferry backup" + " --tenant '"
                        + known.name() + "' MAILBOX");
        return 0;
    }

    private void requireSafeUrl() {
        URI url;
        try {
            url = URI.create(ews);
        } catch (IllegalArgumentException e) {
            throw new OperatorError(
                    "--ews is not a URL. It is one such as https://mail.example.com/EWS/Exchange.asmx.");
        }
        if (url.getRawUserInfo() != null) {
            throw new OperatorError("--ews holds a user or password, which others may see in the list of processes. Use"
                    + " --user and --password-file.");
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (scheme.equals("http") && !options.insecureHttp) {
            throw new OperatorError("Plain http shows mail and the password to the network. Use https, or say"
                    + " --insecure-http if you mean it.");
        }
        if (url.getHost() == null || !scheme.equals("http") && !scheme.equals("https")) {
            // Not quoted: a URL whose host is no host name may still hold a password.
            throw new OperatorError(
                    "--ews is not an https URL with a host name, such as https://mail.example.com/EWS/Exchange.asmx.");
        }
    }

    private void addTrust(ObjectNode body) {
        if (trusted == null) {
            return;
        }
        @Nullable Path authority = trusted.authority;
        if (authority != null) {
            try {
                body.putObject("trust").put("pem", Files.readString(authority, StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new OperatorError("The file of --ca cannot be read as PEM: " + authority);
            }
        } else if (trusted.pin != null) {
            String pin = trusted.pin.replace(":", "").toLowerCase(Locale.ROOT);
            if (!pin.matches("[0-9a-f]{64}")) {
                throw new OperatorError("--pin is the SHA-256 of the certificate: 64 hexadecimal digits. It is told by:"
                        + " openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE");
            }
            body.putObject("trust").put("sha256", pin);
        }
    }
}
