package io.mailferry.planner.fleet;

import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * An Exchange server.
 *
 * @param name empty while only its id is known
 * @param build empty when nobody could say
 * @param endpoint empty until an operator has connected it
 */
public record Server(
        TenantId tenant,
        ServerId server,
        String name,
        Optional<ExchangeBuild> build,
        Optional<EwsEndpoint> endpoint,
        Optional<PlannedUpdate> plannedUpdate) {
    /** An update that an administrator means to install. */
    public record PlannedUpdate(ExchangeBuild build, Instant at) {}
}
