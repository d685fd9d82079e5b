package io.mailferry.planner.fleet;

import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import java.time.Instant;

/** A mailbox's newest restore point that was heard of, and the log entry that it is. */
public record Head(MailboxId mailbox, RestorePointId restorePoint, long logNumber, boolean complete, Instant at) {}
