package io.mailferry.inventory.tenant;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.listing.Filter;
import io.mailferry.inventory.listing.Page;
import io.mailferry.inventory.protocol.JsonBody;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Tenants, for operators. */
@Path("/api/v1/tenants")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
final class TenantResource {
    private static final Logger LOG = Logger.getLogger(TenantResource.class);
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._&'()+-]{0,99}");

    private final Tenants tenants;
    private final CallerTenants caller;
    private final TenantKeys keys;
    private final KeySettings settings;

    TenantResource(Tenants tenants, CallerTenants caller, TenantKeys keys, KeySettings settings) {
        this.tenants = tenants;
        this.caller = caller;
        this.keys = keys;
        this.settings = settings;
    }

    /** 201 with the new tenant, or 200 with the one that has this name already. */
    @POST
    @RolesAllowed(Roles.ADMIN)
    public Response create(InputStream body) {
        caller.requireAll();
        String name = JsonBody.read(body)
                .at("name")
                .text(100, NAME, "A tenant's name is letters, digits, blanks and ._&'()+- only.");
        return switch (tenants.register(name)) {
            case Tenants.Registration.Created created -> {
                makeKeys(created.tenant().tenant());
                LOG.infof("Tenant created tenant=%s", created.tenant().tenant());
                yield Response.status(Response.Status.CREATED)
                        .entity(created.tenant())
                        .build();
            }
            case Tenants.Registration.AlreadyThere found -> {
                makeKeys(found.tenant().tenant());
                yield Response.ok(found.tenant()).build();
            }
        };
    }

    /**
     * In development only; elsewhere whoever runs Mailferry puts the keys there. The escrow key pair, which takes a second
     * to make, is made when the tenant's first agent is asked for its settings.
     */
    private void makeKeys(TenantId tenant) {
        if (settings.createMissing()) {
            keys.directory(tenant);
        }
    }

    /** @param q a part of the name */
    @GET
    @RolesAllowed(Roles.VIEWER)
    public RestResponse<List<Tenants.Tenant>> list(
            @QueryParam("q") @Nullable String q,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @Context UriInfo asked) {
        Page page = Page.read(limit, after);
        return page.answer(tenants.ofCaller(Filter.search(q), page), Tenants.Tenant::tenant, asked);
    }

    @GET
    @Path("/{tenant}")
    @RolesAllowed(Roles.VIEWER)
    public Tenants.Tenant one(@PathParam("tenant") TenantId tenant) {
        return tenants.find(caller.require(tenant)).orElseThrow(ProblemException::notFound);
    }
}
