package io.mailferry.inventory.build;

import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.exchange.ExchangeBuild;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The catalogue of Exchange builds, which is no tenant's. */
@Path("/api/v1/exchange-builds")
@Produces(MediaType.APPLICATION_JSON)
final class BuildResource {
    private final ExchangeBuilds builds;

    BuildResource(ExchangeBuilds builds) {
        this.builds = builds;
    }

    /** All known builds, or the one asked for, known or not, in any of the three shapes that Exchange writes. */
    @GET
    @RolesAllowed(Roles.VIEWER)
    public List<NamedBuild> list(@QueryParam("build") @Nullable String build) {
        if (build == null) {
            return builds.all();
        }
        return ExchangeBuild.parse(build)
                .map(parsed -> List.of(builds.name(parsed)))
                .orElseThrow(() ->
                        ProblemException.invalid("build", "This is no Exchange build in any of its three shapes."));
    }
}
