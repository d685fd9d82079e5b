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

/**
 * Makes an operator's bearer token the request's identity. A missing or unknown token is nobody, who may call only what
 * is open to all; everything else answers 401.
 */
@Singleton
public final class BearerAuthentication implements HttpAuthenticationMechanism {
    static final String TENANTS = "mailferry.tenants";
    private static final String SCHEME = "Bearer ";
    private static final int TOKEN_LENGTH_MAX = 512;

    private final OperatorsFile operators;

    BearerAuthentication(OperatorSettings settings) {
        this.operators = new OperatorsFile(settings.file());
    }

    /** Nothing but being made: a service whose operators' file is missing must not start. */
    void on(@Observes StartupEvent started) {}

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identities) {
        Optional<SecurityIdentity> identity = Optional.ofNullable(
                        context.request().getHeader(HttpHeaderNames.AUTHORIZATION))
                .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(header -> header.substring(SCHEME.length()).trim())
                .filter(token -> token.length() <= TOKEN_LENGTH_MAX)
                .flatMap(operators::byToken)
                .map(BearerAuthentication::identityOf);
        return Uni.createFrom().optional(identity);
    }

    private static SecurityIdentity identityOf(Operator operator) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(operator.name()))
                .addRoles(operator.effectiveRoles())
                .addAttribute(TENANTS, operator.grantedTenants())
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
