package io.mailferry.access.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.jspecify.annotations.Nullable;

/** Tells whoever wants to sign in how it is done here. Nothing of it is secret. */
@Path("/api/v1/sign-in")
public final class SignInResource {
    private final SignIn ways;

    SignInResource(OperatorSettings settings) {
        OperatorSettings.Oidc oidc = settings.oidc();
        this.ways = new SignIn(
                settings.file().isPresent(),
                oidc.url()
                        .map(url -> new Provider(url.toString(), oidc.cliClient()))
                        .orElse(null));
    }

    @GET
    @PermitAll
    public SignIn ways() {
        return ways;
    }

    /**
     * @param tokenFile whether tokens of an operators' file count
     * @param oidc the provider, if there is one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SignIn(boolean tokenFile, @Nullable Provider oidc) {}

    /**
     * @param url where {@code .well-known/openid-configuration} lies
     * @param client the public client for the command line
     */
    public record Provider(String url, String client) {}
}
