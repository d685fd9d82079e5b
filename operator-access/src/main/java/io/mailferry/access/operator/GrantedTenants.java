package io.mailferry.access.operator;

import io.mailferry.contracts.id.TenantId;
import java.util.Set;

/** Whose data an operator may see. */
sealed interface GrantedTenants {
    boolean include(TenantId tenant);

    record All() implements GrantedTenants {
        @Override
        public boolean include(TenantId tenant) {
            return true;
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
    }
}
