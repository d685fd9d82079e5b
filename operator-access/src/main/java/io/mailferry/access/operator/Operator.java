package io.mailferry.access.operator;

import io.mailferry.contracts.id.TenantId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Someone who may call.
 *
 * @param tokenSha256 lower-case hex of the token's SHA-256; the token itself is kept nowhere
 * @param tenants ids, or {@code *} for all
 */
record Operator(String name, String tokenSha256, List<String> roles, List<String> tenants) {
    private static final String ALL_TENANTS = "*";

    Operator {
        if (name.isBlank()) {
            throw new IllegalArgumentException("an operator has no name");
        }
        tokenSha256 = tokenSha256.toLowerCase(Locale.ROOT);
        if (!tokenSha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("tokenSha256 of an operator is not 64 hex digits");
        }
        if (!Roles.ALL.containsAll(roles)) {
            throw new IllegalArgumentException("an operator has a role that is none of " + Roles.ALL);
        }
        roles = List.copyOf(roles);
        tenants = List.copyOf(tenants);
        tenants.stream().filter(text -> !text.equals(ALL_TENANTS)).forEach(TenantId::of);
    }

    Set<String> effectiveRoles() {
        Set<String> effective = new HashSet<>();
        roles.forEach(role -> effective.addAll(Roles.includedIn(role)));
        return Set.copyOf(effective);
    }

    GrantedTenants grantedTenants() {
        if (tenants.contains(ALL_TENANTS)) {
            return new GrantedTenants.All();
        }
        return new GrantedTenants.Only(tenants.stream().map(TenantId::of).collect(Collectors.toUnmodifiableSet()));
    }
}
