package io.mailferry.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.exchange.Trust;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.upload.UploadProgress;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which events are remembered once they were taken: those that must not take effect twice, and no others. */
@QuarkusTest
@QuarkusTestResource(PlannerParts.class)
class InboxIT {
    @TestHTTPResource("/")
    URI base;

    private final TenantId tenant = TenantId.random();
    private final ServerId server = ServerId.random();
    private final MailboxId mailbox = MailboxId.random();

    @Test
    void remembersARestorePointAndNotTheWayToIt() throws SQLException {
        AttemptId attempt = AttemptId.random();
        EventId recorded = EventId.random();
        try (Outside outside = new Outside(base)) {
            outside.tell(new UploadProgress.AttemptOpened(tenant, mailbox, attempt, 1));
            outside.tell(
                    new UploadProgress.PagesStored(tenant, mailbox, attempt, List.of(PageId.random()), 2, 10, 1_000));
            outside.tell(
                    recorded,
                    new UploadProgress.RestorePointRecorded(
                            tenant, mailbox, attempt, RestorePointId.random(), 3, true, 10, 0, 1_000));
            outside.readUntil(
                    "/api/v1/tenants/" + tenant + "/mailboxes/" + mailbox + "/head", node -> node.has("restorePoint"));
        }

        assertThat(remembered()).containsExactly(recorded.toString());
    }

    @Test
    void remembersACommandsEndsAndNotItsProgress() throws SQLException {
        EventId discovered = EventId.random();
        EventId connected = EventId.random();
        EventId changed = EventId.random();
        EventId accepted = EventId.random();
        EwsEndpoint endpoint = new EwsEndpoint(
                "https://exchange.example/EWS/Exchange.asmx", new Trust.SystemAuthorities(), "ex1", true, false);
        try (Outside outside = new Outside(base)) {
            outside.tell(discovered, new InventoryEvent.ServerDiscovered(tenant, server, "EX1", Optional.empty()));
            outside.tell(connected, new InventoryEvent.ServerConnected(tenant, server, endpoint));
            outside.tell(
                    changed,
                    new InventoryEvent.MailboxChanged(
                            tenant,
                            server,
                            mailbox,
                            Optional.empty(),
                            new SealedAddress("sealed"),
                            Optional.of(UUID.randomUUID()),
                            10,
                            1_000));
            CommandId command = export(outside);
            outside.tell(accepted, new CommandResult.CommandAccepted(tenant, server, command));
            EventId progressed = EventId.random();
            outside.tell(progressed, new CommandResult.CommandProgressed(tenant, server, command, 3, 300, 10));
            outside.tell(progressed, new CommandResult.CommandProgressed(tenant, server, command, 3, 300, 10));
            outside.tell(new CommandResult.CommandProgressed(tenant, server, command, 5, 500, 10));
            outside.readUntil(
                    "/api/v1/commands/" + command,
                    node -> node.at("/progress/items").asInt() == 5);
        }

        assertThat(remembered())
                .containsExactlyInAnyOrder(
                        discovered.toString(), connected.toString(), changed.toString(), accepted.toString());
    }

    private CommandId export(Outside outside) {
        HttpResponse<String> answer = Outside.await("mailbox and endpoint", () -> {
            HttpResponse<String> tried = outside.post(
                    "/api/v1/tenants/" + tenant + "/exports",
                    PlannerParts.TOKEN_OF_ALL,
                    "{\"mailboxId\":\"" + mailbox + "\"}");
            return tried.statusCode() == 202 ? tried : null;
        });
        return CommandId.of(outside.json(answer).get("commandId").asText());
    }

    private List<String> remembered() throws SQLException {
        try (Database database = Database.asSuperuser()) {
            return database.query("SELECT event FROM planner.inbox WHERE tenant = '" + tenant + "'");
        }
    }
}
