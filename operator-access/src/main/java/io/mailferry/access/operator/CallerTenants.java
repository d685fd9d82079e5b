package io.mailferry.access.operator;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.TenantId;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import jakarta.inject.Singleton;

/**
 * Whose data the caller of this request may see. A foreign tenant looks like one that does not exist, so that ids cannot
 * be tried out.
 */
@Singleton
public final class CallerTenants {
    private final CurrentIdentityAssociation caller;

    CallerTenants(CurrentIdentityAssociation caller) {
        this.caller = caller;
    }

    /**
     * @return the tenant, for use in one expression
     * @throws ProblemException 404 for a tenant that is not the caller's
     */
    public TenantId require(TenantId tenant) {
        if (!include(tenant)) {
            throw ProblemException.notFound();
        }
        return tenant;
    }

    /** @throws ProblemException 403 unless the caller works for all tenants, as making a tenant needs */
    public void requireAll() {
        switch (granted()) {
            case GrantedTenants.All _ -> {}
            case GrantedTenants.Only _ -> throw ProblemException.forbidden();
        }
    }

    /** For filtering lists. */
    public boolean include(TenantId tenant) {
        return granted().include(tenant);
    }

    private GrantedTenants granted() {
        GrantedTenants granted = caller.getIdentity().getAttribute(BearerAuthentication.TENANTS);
        if (granted == null) {
            throw ProblemException.unauthorised();
        }
        return granted;
    }
}
