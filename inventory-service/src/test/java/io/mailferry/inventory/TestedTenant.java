package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.TenantId;
import java.util.List;
import java.util.UUID;

/** A tenant for one test, with a token for its agents. */
record TestedTenant(Rest rest, TenantId id, String enrolmentToken) {
    static TestedTenant create(Rest rest) {
        Answer created = rest.post(
                RealParts.ADMIN,
                "/api/v1/tenants",
                Rest.MAPPER.createObjectNode().put("name", "Tenant " + UUID.randomUUID()));
        assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
        TenantId id = TenantId.of(created.text("tenant"));
        Answer token = rest.post(
                RealParts.ADMIN,
                "/api/v1/tenants/" + id + "/enrolment-tokens",
                Rest.MAPPER.createObjectNode().put("uses", 100).put("expiresIn", "PT1H"));
        assertThat(token.status()).isEqualTo(201);
        return new TestedTenant(rest, id, token.text("token"));
    }

    TestedAgent enrol() {
        return TestedAgent.enrol(rest, enrolmentToken);
    }

    String path(String below) {
        return "/api/v1/tenants/" + id + below;
    }

    /** Waits for that many events and gives all there are. */
    List<Event> inventoryEvents(int atLeast) {
        return events(Topic.INVENTORY_EVENT, atLeast);
    }

    List<Event> events(Topic topic, int atLeast) {
        Eventually.isTrue(
                atLeast + " events in " + topic, () -> Topics.events(topic, id).size() >= atLeast);
        return Topics.events(topic, id);
    }
}
