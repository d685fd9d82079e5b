package io.mailferry.inventory.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.transition.Approval;
import io.mailferry.contracts.transition.DeletionProof;
import io.mailferry.contracts.transition.TransitionCommand.DeleteMapiBackupSet;
import io.mailferry.contracts.transition.TransitionCommand.ForAgent;
import io.mailferry.messaging.cloudevents.EventMapper;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Whether a set may be deleted, by this service's own rows and clock: the sender's proof and approvals are what it claims,
 * and one mistake there must not be enough to lose mail.
 */
@Singleton
final class DeletionTerms {
    private static final Logger LOG = Logger.getLogger(DeletionTerms.class);
    private static final int APPROVALS_MIN = 2;
    private static final ObjectMapper MAPPER = EventMapper.create();

    private final Clock clock;

    DeletionTerms(Clock clock) {
        this.clock = clock;
    }

    private record Deleted(String mode, boolean present, boolean publicFolders) {}

    /** What is kept with the row; null for types that need no second look. */
    @Nullable
    String termsOf(ForAgent command) {
        if (!(command instanceof DeleteMapiBackupSet)) {
            return null;
        }
        try {
            return MAPPER.writeValueAsString(command);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("contracts can always be written as JSON", e);
        }
    }

    /** Why this row may not be delivered now; empty if it may, as every command of another type. */
    Optional<String> refusal(Transaction transaction, CommandRows.Row row) {
        String terms = row.terms();
        if (row.type() != CommandType.DELETE_MAPI_BACKUP_SET) {
            return Optional.empty();
        }
        if (terms == null) {
            return Optional.of("PROOF_INCOMPLETE");
        }
        try {
            return refusal(transaction, MAPPER.readValue(terms, DeleteMapiBackupSet.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the terms of a row are unreadable");
        }
    }

    /** Why this set may not be deleted now, in one word; empty if it may. */
    Optional<String> refusal(Transaction transaction, DeleteMapiBackupSet command) {
        Optional<String> refusal = approvals(command)
                .or(() -> hold(command.proof()))
                .or(() -> set(transaction, command))
                .or(() -> mailboxes(transaction, command));
        refusal.ifPresent(cause -> LOG.warnf(
                "Deletion refused commandId=%s backupSetId=%s cause=%s", command.command(), command.mapiSet(), cause));
        return refusal;
    }

    private Optional<String> approvals(DeleteMapiBackupSet command) {
        List<String> approvers = command.approvals().stream()
                .map(approval -> name(approval.operator()))
                .filter(name -> !name.isEmpty())
                .toList();
        if (approvers.contains(name(command.requestedBy()))
                || name(command.requestedBy()).isEmpty()) {
            return Optional.of("REQUESTER_APPROVED");
        }
        if (Set.copyOf(approvers).size() < APPROVALS_MIN) {
            return Optional.of("APPROVALS_MISSING");
        }
        Instant now = clock.instant();
        Optional<Instant> verified = command.proof().mailboxes().stream()
                .map(DeletionProof.Proven::verifiedAt)
                .max(Instant::compareTo);
        // Nobody can have approved what was not there to be looked at.
        boolean inOrder = command.approvals().stream()
                .map(Approval::at)
                .allMatch(at -> !at.isAfter(now) && (verified.isEmpty() || !at.isBefore(verified.get())));
        return inOrder ? Optional.empty() : Optional.of("APPROVED_BEFORE_PROOF");
    }

    /** The same person by another spelling is no second one. */
    private static String name(String operator) {
        return operator.strip().toLowerCase(Locale.ROOT);
    }

    private Optional<String> hold(DeletionProof proof) {
        return proof.holdUntil().isAfter(clock.instant()) ? Optional.of("HOLD_NOT_OVER") : Optional.empty();
    }

    private static Optional<String> set(Transaction transaction, DeleteMapiBackupSet command) {
        Optional<Deleted> set = transaction
                .handle()
                .select("""
                        SELECT mode, present, coalesce(public_folder_items, 0) > 0 AS public_folders FROM backup_set
                        WHERE backup_set = ? AND agent = ? AND server = ?""", command.mapiSet(), command.agent(), command.server())
                .map((row, context) ->
                        new Deleted(row.getString("mode"), row.getBoolean("present"), row.getBoolean("public_folders")))
                .findOne();
        if (set.isEmpty() || !set.get().present()) {
            return Optional.of("BACKUP_SET_UNKNOWN");
        }
        if (!set.get().mode().equals("MAPI")) {
            return Optional.of("NOT_A_MAPI_SET");
        }
        // No export carries public folders over, so nothing proves that they are safe elsewhere.
        return set.get().publicFolders() ? Optional.of("PUBLIC_FOLDERS_UNCOVERED") : Optional.empty();
    }

    private static Optional<String> mailboxes(Transaction transaction, DeleteMapiBackupSet command) {
        List<MailboxId> held = transaction
                .handle()
                .select("SELECT mailbox FROM backup_set_mailbox WHERE backup_set = ?", command.mapiSet())
                .mapTo(MailboxId.class)
                .list();
        Set<MailboxId> proven = command.proof().mailboxes().stream()
                .map(DeletionProof.Proven::mailbox)
                .collect(Collectors.toCollection(HashSet::new));
        return held.isEmpty() || !proven.containsAll(held) ? Optional.of("PROOF_INCOMPLETE") : Optional.empty();
    }
}
