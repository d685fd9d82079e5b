package io.mailferry.access.operator;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What somebody may do for whom: each role, those it includes among them, with the tenants that it holds for.
 *
 * @param tenantsOfRole keys are words of {@link Roles}
 */
record Grants(Map<String, GrantedTenants> tenantsOfRole) {
    /** The attribute of a request's identity that holds them. */
    static final String ATTRIBUTE = "mailferry.grants";

    private static final char BOUND_TO = '@';

    Grants {
        tenantsOfRole = Map.copyOf(tenantsOfRole);
    }

    /**
     * @param words {@code operator} for the tenants given, {@code operator@id} for one tenant, whether given or not
     * @throws IllegalArgumentException if a word is neither
     */
    static Grants of(Collection<String> words, GrantedTenants tenants) {
        Map<String, GrantedTenants> tenantsOfRole = new HashMap<>();
        for (String word : words) {
            int at = word.indexOf(BOUND_TO);
            String role = at < 0 ? word : word.substring(0, at);
            GrantedTenants bound = at < 0 ? tenants : GrantedTenants.of(List.of(word.substring(at + 1)));
            Roles.includedIn(role).forEach(included -> tenantsOfRole.merge(included, bound, GrantedTenants::and));
        }
        return new Grants(tenantsOfRole);
    }

    Set<String> roles() {
        return tenantsOfRole.keySet();
    }

    /** The tenants for which one of these roles is held. */
    GrantedTenants tenantsOf(Collection<String> roles) {
        return roles.stream()
                .map(role -> tenantsOfRole.getOrDefault(role, GrantedTenants.NONE))
                .reduce(GrantedTenants.NONE, GrantedTenants::and);
    }

    /** The tenants for which anything at all is held. */
    GrantedTenants tenants() {
        return tenantsOf(roles());
    }
}
