package io.mailferry.planner.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.cloudevents.EventMapper;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Optional;

/** What became of a command. */
@Path("/api/v1/commands")
@Produces(MediaType.APPLICATION_JSON)
public final class CommandResource {
    private static final ObjectMapper MAPPER = EventMapper.create();

    private final Commands commands;
    private final CallerTenants caller;

    CommandResource(Commands commands, CallerTenants caller) {
        this.commands = commands;
        this.caller = caller;
    }

    /**
     * @param state ISSUED, DELIVERED, RUNNING, SUCCEEDED, FAILED, REJECTED, CANCELLED or EXPIRED
     * @param outcome of a success; its {@code type} names its shape
     * @param givenUpAt when the command was given up, of a success that came after all
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record View(
            CommandId command,
            TenantId tenant,
            ServerId server,
            Optional<MailboxId> mailbox,
            Optional<PlanId> plan,
            Optional<String> step,
            String type,
            String state,
            Instant since,
            Instant issuedAt,
            Instant expiresAt,
            Command.Progress progress,
            Optional<JsonNode> outcome,
            Optional<Instant> givenUpAt,
            Optional<Failure> failure) {}

    /** @param cause a word */
    public record Failure(FailureCategory category, String cause) {}

    @GET
    @Path("/{command}")
    @RolesAllowed(Roles.VIEWER)
    public View command(CommandId command) {
        Command found = commands.anyTenants(command).orElseThrow(ProblemException::notFound);
        caller.require(found.tenant());
        return view(found);
    }

    private static View view(Command command) {
        return new View(
                command.command(),
                command.tenant(),
                command.server(),
                command.mailbox(),
                command.origin().map(Origin::plan),
                command.origin().map(Origin::step),
                command.type(),
                CommandColumns.of(command.state()).state().name(),
                command.state().since(),
                command.issuedAt(),
                command.expiresAt(),
                command.progress(),
                outcome(command.state()),
                givenUpAt(command.state()),
                failure(command.state()));
    }

    private static Optional<JsonNode> outcome(CommandState state) {
        return state instanceof CommandState.Succeeded succeeded
                ? Optional.of(MAPPER.valueToTree(succeeded.outcome()))
                : Optional.empty();
    }

    private static Optional<Instant> givenUpAt(CommandState state) {
        return state instanceof CommandState.Succeeded succeeded ? succeeded.givenUpAt() : Optional.empty();
    }

    private static Optional<Failure> failure(CommandState state) {
        return switch (state) {
            case CommandState.Failed failed -> Optional.of(new Failure(failed.category(), failed.cause()));
            case CommandState.Rejected rejected ->
                Optional.of(new Failure(FailureCategory.PERMANENT, rejected.cause()));
            case CommandState.Cancelled _ -> Optional.of(new Failure(FailureCategory.PERMANENT, "CANCELLED"));
            case CommandState.Expired _ -> Optional.of(new Failure(FailureCategory.TRANSIENT, "EXPIRED"));
            case CommandState.Open _, CommandState.Succeeded _ -> Optional.empty();
        };
    }
}
