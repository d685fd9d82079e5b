package io.mailferry.access.operator;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.TenantId;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ResourceInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose data the caller of this request may see, with the role that the endpoint asks for: somebody may be an operator for
 * one tenant and a viewer for another. A foreign tenant looks like one that does not exist, so that ids cannot be tried
 * out.
 */
@Singleton
public final class CallerTenants {
    private final CurrentIdentityAssociation caller;
    private final ResourceInfo endpoint;

    CallerTenants(CurrentIdentityAssociation caller, ResourceInfo endpoint) {
        this.caller = caller;
        this.endpoint = endpoint;
    }

    /**
     * @return the tenant, for use in one expression
     * @throws ProblemException 404 for a tenant that is not the caller's, 403 for one for which his roles do not suffice
     */
    public TenantId require(TenantId tenant) {
        Grants grants = grants();
        if (!grants.tenants().include(tenant)) {
            throw ProblemException.notFound();
        }
        if (!granted(grants).include(tenant)) {
            throw ProblemException.forbidden();
        }
        return tenant;
    }

    /** @throws ProblemException 403 unless the caller works for all tenants, as making a tenant needs */
    public void requireAll() {
        switch (granted(grants())) {
            case GrantedTenants.All _ -> {}
            case GrantedTenants.Only _ -> throw ProblemException.forbidden();
        }
    }

    /** For filtering lists. */
    public boolean include(TenantId tenant) {
        return granted(grants()).include(tenant);
    }

    private GrantedTenants granted(Grants grants) {
        @Nullable RolesAllowed asked = endpoint.getResourceMethod().getAnnotation(RolesAllowed.class);
        if (asked == null) {
            asked = endpoint.getResourceClass().getAnnotation(RolesAllowed.class);
        }
        return asked == null ? GrantedTenants.NONE : grants.tenantsOf(List.of(asked.value()));
    }

    private Grants grants() {
        Grants grants = caller.getIdentity().getAttribute(Grants.ATTRIBUTE);
        if (grants == null) {
            throw ProblemException.unauthorised();
        }
        return grants;
    }
}
