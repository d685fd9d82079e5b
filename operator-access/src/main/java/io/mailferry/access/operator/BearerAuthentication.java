package io.mailferry.access.operator;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Makes a token from the operators' file the request's identity. A token that is not there is left to OIDC; where that is
 * off, its bearer is nobody, who may call only what is open to all, and everything else answers 401.
 */
@Singleton
public final class BearerAuthentication implements HttpAuthenticationMechanism {
    private static final String SCHEME = "Bearer ";
    private static final int TOKEN_LENGTH_MAX = 512;
    /** Before OIDC's own, which refuses whatever is no token of its provider. */
    private static final int PRIORITY = 2 * DEFAULT_PRIORITY;

    private static final Logger LOG = Logger.getLogger(BearerAuthentication.class);

    private final Optional<OperatorsFile> operators;
    private final boolean besideOidc;

    BearerAuthentication(OperatorSettings settings) {
        this.operators = settings.file().map(OperatorsFile::new);
        this.besideOidc = settings.oidc().url().isPresent();
    }

    /** A service whose operators' file is missing, or whom nobody could call, must not start. */
    void on(@Observes StartupEvent started) {
        if (operators.isEmpty() && !besideOidc) {
            throw new IllegalStateException("nobody could call this service: set mailferry.operators.oidc.url, or in"
                    + " development mailferry.operators.file");
        }
        if (operators.isPresent() && besideOidc) {
            LOG.warn("tokens of the operators' file count beside those of the OIDC provider; one person may hold both");
        }
    }

    @Override
    public int getPriority() {
        return PRIORITY;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identities) {
        Optional<SecurityIdentity> identity = Optional.ofNullable(
                        context.request().getHeader(HttpHeaderNames.AUTHORIZATION))
                .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(header -> header.substring(SCHEME.length()).trim())
                .filter(token -> token.length() <= TOKEN_LENGTH_MAX)
                .flatMap(token -> operators.flatMap(known -> known.byToken(token)))
                .map(BearerAuthentication::identityOf);
        return Uni.createFrom().optional(identity);
    }

    private static SecurityIdentity identityOf(Operator operator) {
        return identityOf(operator.name(), operator.grants());
    }

    static SecurityIdentity identityOf(String name, Grants grants) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(name))
                .addRoles(grants.roles())
                .addAttribute(Grants.ATTRIBUTE, grants)
                .build();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom()
                .item(new ChallengeData(
                        HttpResponseStatus.UNAUTHORIZED.code(), HttpHeaderNames.WWW_AUTHENTICATE, "Bearer"));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of();
    }
}
