package io.mailferry.contracts;

import io.mailferry.contracts.id.TenantId;

/**
 * Everything that crosses Kafka as a control event. Each belongs to one tenant and, through the sealed interface it
 * implements, to one topic. Not sealed itself only because Java seals within one package.
 */
public interface Event {
    TenantId tenant();

    /** The record key: events with equal keys stay in order. */
    String key();
}
