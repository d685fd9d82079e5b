package io.mailferry.access.operator;

import io.mailferry.contracts.id.TenantId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Whose data an operator may see. */
sealed interface GrantedTenants {
    String EVERY = "*";
    GrantedTenants NONE = new Only(Set.of());

    boolean include(TenantId tenant);

    GrantedTenants and(GrantedTenants more);

    /**
     * @param words ids, or {@link #EVERY}
     * @throws IllegalArgumentException if a word is neither
     */
    static GrantedTenants of(Collection<String> words) {
        return words.contains(EVERY)
                ? new All()
                : new Only(words.stream().map(TenantId::of).collect(Collectors.toUnmodifiableSet()));
    }

    record All() implements GrantedTenants {
        @Override
        public boolean include(TenantId tenant) {
            return true;
        }

        @Override
        public GrantedTenants and(GrantedTenants more) {
            return this;
        }
    }

    record Only(Set<TenantId> tenants) implements GrantedTenants {
        public Only {
            tenants = Set.copyOf(tenants);
        }

        @Override
        public boolean include(TenantId tenant) {
            return tenants.contains(tenant);
        }

        @Override
        public GrantedTenants and(GrantedTenants more) {
            return switch (more) {
                case All all -> all;
                case Only only -> {
                    Set<TenantId> both = new HashSet<>(tenants);
                    both.addAll(only.tenants);
                    yield new Only(both);
                }
            };
        }
    }
}
