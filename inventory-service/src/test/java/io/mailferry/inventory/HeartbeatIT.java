package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.inventory.InventoryEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealParts.class)
class HeartbeatIT {
    @TestHTTPResource("/")
    URI base;

    private Rest rest;
    private TestedTenant tenant;

    @BeforeEach
    void tenantOfItsOwn() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
    }

    @Test
    void tellsWhatAFirstStatusShowsWithMailboxesBeforeTheirSet() {
        TestedAgent agent = tenant.enrol();
        UUID guid = UUID.randomUUID();
        ObjectNode status = TestedAgent.status("EX01", "Version 15.0 (Build 1497.2)");
        TestedAgent.addMailbox(TestedAgent.addSet(status, "set-1"), guid, "Ada@Example.test", 12);

        agent.report(status);

        List<Event> events = tenant.inventoryEvents(4);
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("ServerDiscovered", "AgentRegistered", "MailboxChanged", "BackupSetChanged");
        assertThat(((InventoryEvent.ServerDiscovered) events.getFirst()).build())
                .contains(new ExchangeBuild(15, 0, 1497, 2));
        assertThat(((InventoryEvent.MailboxChanged) events.get(2)).exchangeGuid())
                .contains(guid);
    }
}
