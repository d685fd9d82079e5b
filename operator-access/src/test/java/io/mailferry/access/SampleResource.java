package io.mailferry.access;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.Arrays;
import java.util.List;

/** Stands for a service's endpoints. */
@Path("/sample")
public class SampleResource {
    private final CallerTenants tenants;

    SampleResource(CallerTenants tenants) {
        this.tenants = tenants;
    }

    @GET
    @Path("/tenants/{tenant}")
    @RolesAllowed(Roles.VIEWER)
    public Body read(@PathParam("tenant") TenantId tenant) {
        return new Body(List.of(new Entry(MailboxId.of(tenants.require(tenant).toString()), 1)));
    }

    @POST
    @Path("/tenants/{tenant}/entries")
    @RolesAllowed(Roles.OPERATOR)
    public void write(@PathParam("tenant") TenantId tenant) {
        tenants.require(tenant);
    }

    @GET
    @Path("/tenants")
    @RolesAllowed(Roles.OPERATOR)
    public List<TenantId> own(@QueryParam("of") String of) {
        return Arrays.stream(of.split(","))
                .map(TenantId::of)
                .filter(tenants::include)
                .toList();
    }

    @POST
    @Path("/entries")
    @RolesAllowed(Roles.OPERATOR)
    public int write(Body body) {
        return body.entries().size();
    }

    @POST
    @Path("/tenants")
    @RolesAllowed(Roles.VIEWER)
    public void make() {
        tenants.requireAll();
    }

    @GET
    @Path("/forgotten")
    public String forgotten() {
        return "an endpoint whose author forgot to say who may call it";
    }

    @GET
    @Path("/open")
    @PermitAll
    public String open() {
        return "open";
    }

    @GET
    @Path("/broken")
    @PermitAll
    public String broken() {
        throw new IllegalStateException("secret subject line");
    }

    @GET
    @Path("/away")
    @PermitAll
    public String away() {
        throw new IllegalStateException(new java.sql.SQLException("secret host", "57P01"));
    }

    public record Body(List<Entry> entries) {}

    public record Entry(MailboxId mailbox, int count) {
        public Entry {
            if (count < 0) {
                throw ProblemException.invalid("count", "A count is not negative.");
            }
        }
    }
}
