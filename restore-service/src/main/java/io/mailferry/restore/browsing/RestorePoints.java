package io.mailferry.restore.browsing;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.FolderState;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jboss.logging.Logger;

/** Reads a mailbox's restore points from its log. */
@Singleton
final class RestorePoints {
    private static final Logger LOG = Logger.getLogger(RestorePoints.class);

    private final ObjectStore store;
    private final Clock clock;
    private final Places places;

    RestorePoints(ObjectStore store, Clock clock, BrowsingSettings settings) {
        this.store = store;
        this.clock = clock;
        this.places = new Places(settings.restorePointsAtOnce(), settings.restorePointsWait());
    }

    /** Newest first; empty for a mailbox without any, also for one that the bucket does not know. */
    List<RestorePointView> of(TenantId tenant, MailboxId mailbox) {
        return places.in(() -> read(tenant, mailbox));
    }

    private List<RestorePointView> read(TenantId tenant, MailboxId mailbox) {
        try {
            List<RestorePointView> points = new ArrayList<>();
            new MailboxLog(store, new MailboxPlace(tenant, mailbox), UUID.randomUUID(), clock).read(entry -> {
                if (entry.body() instanceof Body.RestorePointRecorded recorded) {
                    points.add(view(entry, recorded));
                }
            });
            return points.reversed();
        } catch (Damaged e) {
            LOG.errorf("log damaged mailboxId=%s damage=%s", mailbox, e.damage());
            throw ProblemException.conflict("The mailbox's log is damaged; verify the mailbox to see where.");
        } catch (IOException e) {
            LOG.warnf(
                    "log not read mailboxId=%s failure=%s",
                    mailbox, e.getClass().getSimpleName());
            throw ProblemException.unavailable("The object store cannot be read at the moment; try again.");
        }
    }

    private static RestorePointView view(LogEntry entry, Body.RestorePointRecorded recorded) {
        return new RestorePointView(
                recorded.id(),
                entry.number(),
                entry.at(),
                recorded.complete(),
                recorded.incompleteBecause(),
                sum(recorded.folders(), FolderState::live),
                recorded.skipped().size(),
                sum(recorded.folders(), FolderState::sealedBytes),
                recorded.gaps());
    }

    private static long sum(List<FolderState> folders, ToLongFunction<FolderState> count) {
        return folders.stream().mapToLong(count).sum();
    }
}
