package io.mailferry.access.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where operators are known from. A service with neither a file nor an OIDC provider does not start. */
@ConfigMapping(prefix = "mailferry.operators")
public interface OperatorSettings {
    /**
     * The operators' file, for development: a JSON list of {@code {name, tokenSha256 (hex), roles, tenants: ["*" or ids]}};
     * a role may be bound to a tenant, as {@code operator@id}. Read at start and again whenever it changes; a service whose
     * file cannot be read does not start. Not set: no such tokens.
     */
    Optional<Path> file();

    /** The provider at which operators sign in. */
    Oidc oidc();

    /** Access tokens of an OpenID Connect provider, checked with the keys that it publishes. */
    interface Oidc {
        /**
         * The provider's address, below which {@code .well-known/openid-configuration} lies, for Keycloak
         * {@code https://host/realms/name}. Not set: no operator signs in by OIDC.
         */
        Optional<URI> url();

        /** What tokens must name as their issuer, where it is not what the provider says of itself. */
        Optional<String> issuer();

        /** What tokens must be meant for: one of their audiences. */
        @WithDefault("mailferry")
        String audience();

        /**
         * The claim that tells operators apart, also as approvers. Choose one that nobody can change for himself; people
         * whose names differ count as two.
         */
        @WithDefault("sub")
        String nameClaim();

        /**
         * Where a token has its roles: the name of a claim, or a path of names with slashes. A value is a role's word, or
         * {@code role@id} for a role in one tenant only; other words mean nothing here.
         */
        @WithDefault("resource_access/mailferry/roles")
        String rolesClaim();

        /** Where a token has its tenants, as {@link #rolesClaim}: ids, or {@code *} for all. */
        @WithDefault("mailferry_tenants")
        String tenantsClaim();

        /** The tenants of a token that has no such claim: ids, or {@code *} for all. Not set: none. */
        Optional<List<String>> tenantsDefault();

        /** The public client that the command line signs in as, by the device grant. */
        @WithDefault("mailferry-cli")
        String cliClient();

        /** How far the provider's clock may be from ours before a token counts as expired. */
        @WithDefault("PT10S")
        Duration clockSkew();

        /** How long the provider may take to answer. Only its keys are asked for, never about single tokens. */
        @WithDefault("PT5S")
        Duration timeout();

        /**
         * The least time between two questions for new keys when tokens name one that is not known. Shorter notices a new
         * key sooner, longer spares the provider invented ones.
         */
        @WithDefault("PT1M")
        Duration keysRefresh();

        /** Ask for keys over plain http from another machine. Whoever is between could then pass as anybody. */
        @WithDefault("false")
        boolean insecureHttp();
    }
}
