package io.mailferry.planner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.access.EveryEndpoint;
import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.contracts.upload.UploadProgress;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every endpoint of the service, whichever there are, called by those who may and who may not. */
@QuarkusTest
@QuarkusTestResource(PlannerParts.class)
class EndpointsIT {
    @TestHTTPResource("/")
    URI base;

    private final TenantId tenant = TenantId.random();
    private final ServerId server = ServerId.random();
    private final MailboxId mailbox = MailboxId.random();

    @Test
    void answersNobodyWhoMayNot() {
        EveryEndpoint.Callers callers = new EveryEndpoint.Callers(
                PlannerParts.TOKEN_OF_OWN,
                PlannerParts.TOKEN_OF_FOREIGN,
                PlannerParts.TOKEN_OF_NO_ROLE,
                PlannerParts.TOKENS_OF_ROLES);
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                Outside outside = new Outside(base)) {
            Map<String, String> existing = existing(outside);
            EveryEndpoint endpoints = new EveryEndpoint(base, http);

            assertThat(endpoints.openToAll()).isEmpty();
            assertThat(endpoints.violations(callers, existing)).isEmpty();
        }
    }

    /** A plan of the tenant with its first command, and a mailbox with a restore point. */
    private Map<String, String> existing(Outside outside) {
        BackupSetId set = BackupSetId.random();
        AgentId agent = AgentId.random();
        Optional<ExchangeBuild> build = ExchangeBuild.parse("15.0.1497.2");
        outside.tell(new InventoryEvent.ServerDiscovered(tenant, server, "EX1", build));
        outside.tell(new InventoryEvent.AgentRegistered(tenant, server, agent, "CloudBacko Pro", "4.3.0"));
        outside.tell(new InventoryEvent.MailboxChanged(
                tenant,
                server,
                mailbox,
                Optional.of(set),
                new SealedAddress("sealed"),
                Optional.of(UUID.randomUUID()),
                10,
                1_000));
        outside.tell(new InventoryEvent.BackupSetChanged(
                tenant, server, set, agent, "Mail", BackupMode.MAPI, true, true, 1_000, 100, 1, Optional.empty()));
        outside.tell(new UploadProgress.RestorePointRecorded(
                tenant, mailbox, AttemptId.random(), RestorePointId.random(), 1, true, 10, 0, 900));
        TransitionCommand command =
                outside.command(TransitionCommand.class, each -> each.server().equals(server));
        String listed = "/api/v1/tenants/" + tenant + "/plans";
        JsonNode plan = outside.readUntil(listed, node -> node.size() == 1).get(0);
        String planId = plan.get("plan").asText();
        outside.readUntil(
                "/api/v1/tenants/" + tenant + "/mailboxes/" + mailbox + "/head", node -> node.has("restorePoint"));
        String step =
                outside.read("/api/v1/plans/" + planId).at("/steps/0/step").asText();
        return Map.of(
                "tenant", tenant.toString(),
                "mailbox", mailbox.toString(),
                "plan", planId,
                "step", step,
                "command", command.command().toString());
    }
}
