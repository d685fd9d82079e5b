package io.mailferry.access.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.oidc.Oidc;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Operators who sign in at an OIDC provider. A token is checked here, by the keys that the provider publishes: signature,
 * issuer, audience and time. The provider is asked for its keys only, so that whoever holds a valid token works on while
 * it is away, and made-up tokens do not reach it.
 */
@Singleton
public final class OidcOperators implements SecurityIdentityAugmentor {
    private final OperatorSettings.Oidc settings;
    private final TokenClaims claims;

    OidcOperators(OperatorSettings settings) {
        this.settings = settings.oidc();
        this.claims = new TokenClaims(settings.oidc());
    }

    void configure(@Observes Oidc oidc) {
        oidc.create(provider());
    }

    OidcTenantConfig provider() {
        return settings.url()
                .map(this::provider)
                .orElseGet(() -> OidcTenantConfig.builder().disableTenant().build());
    }

    private OidcTenantConfig provider(URI url) {
        if (!settings.insecureHttp() && !isSafe(url)) {
            throw new IllegalStateException(
                    "mailferry.operators.oidc.url is no https URL; over plain http anybody on the"
                            + " way could pass as an operator. If that cannot be, set mailferry.operators.oidc.insecure-http");
        }
        var token = OidcTenantConfig.authServerUrl(url.toString())
                .connectionTimeout(settings.timeout())
                .token()
                .audience(settings.audience())
                .lifespanGrace(Math.toIntExact(settings.clockSkew().toSeconds()))
                .forcedJwkRefreshInterval(settings.keysRefresh())
                .allowJwtIntrospection(false)
                .allowOpaqueTokenIntrospection(false);
        settings.issuer().ifPresent(token::issuer);
        return token.end().build();
    }

    private static boolean isSafe(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        return scheme.equals("https") || scheme.equals("http") && isThisMachine(String.valueOf(url.getHost()));
    }

    private static boolean isThisMachine(String host) {
        boolean literal = host.startsWith("[") || host.matches("[0-9.]+");
        try {
            return host.equals("localhost")
                    || literal && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
            return Uni.createFrom().item(identity);
        }
        // Made anew: neither the token nor roles that it has for others go further than this.
        JsonNode said = TokenClaims.of(token.getRawToken());
        return claims.name(said)
                .map(name -> Uni.createFrom().item(BearerAuthentication.identityOf(name, claims.grants(said))))
                .orElseGet(() -> Uni.createFrom().failure(new AuthenticationFailedException()));
    }
}
