package io.mailferry.contracts.restore;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import java.util.Map;

/** What restore-service proved, and what it found damaged. */
public sealed interface RestoreEvent extends Event {
    MailboxId mailbox();

    @Override
    default String key() {
        return mailbox().toString();
    }

    record RestorePointVerified(
            TenantId tenant, MailboxId mailbox, RestorePointId restorePoint, long items, long bytes, long skipped)
            implements RestoreEvent {}

    /** @param damages how many damages of each kind, by the kind's word */
    record RestorePointDamaged(
            TenantId tenant, MailboxId mailbox, RestorePointId restorePoint, Map<String, Long> damages)
            implements RestoreEvent {
        public RestorePointDamaged {
            damages = Map.copyOf(damages);
        }
    }
}
