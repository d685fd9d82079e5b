package io.mailferry.archive.part;

import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;

/** Whose mailbox it is, and which attempt is at work on it: what every part bears. */
public record AttemptPlace(TenantId tenant, MailboxId mailbox, AttemptId attempt) {}
