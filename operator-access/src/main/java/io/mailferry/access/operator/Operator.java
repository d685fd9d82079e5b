package io.mailferry.access.operator;

import java.util.List;
import java.util.Locale;

/**
 * Someone who may call with a token from the operators' file.
 *
 * @param tokenSha256 lower-case hex of the token's SHA-256; the token itself is kept nowhere
 * @param roles words of {@link Roles}, for all of the tenants or, as {@code operator@id}, for one
 * @param tenants ids, or {@code *} for all
 */
record Operator(String name, String tokenSha256, List<String> roles, List<String> tenants) {
    Operator {
        if (name.isBlank()) {
            throw new IllegalArgumentException("an operator has no name");
        }
        tokenSha256 = tokenSha256.toLowerCase(Locale.ROOT);
        if (!tokenSha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("tokenSha256 of an operator is not 64 hex digits");
        }
        roles = List.copyOf(roles);
        tenants = List.copyOf(tenants);
        Grants.of(roles, GrantedTenants.of(tenants));
    }

    Grants grants() {
        return Grants.of(roles, GrantedTenants.of(tenants));
    }
}
