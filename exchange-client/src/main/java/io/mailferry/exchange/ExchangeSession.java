package io.mailferry.exchange;

import io.mailferry.exchange.answer.ServerVersion;
import io.mailferry.exchange.connection.ConnectionLimits;
import io.mailferry.exchange.connection.Credentials;
import io.mailferry.exchange.connection.EwsConnection;
import io.mailferry.exchange.connection.EwsEndpoint;
import io.mailferry.exchange.connection.MailboxAddress;
import io.mailferry.exchange.connection.Pacing;
import io.mailferry.exchange.connection.Pause;
import io.mailferry.exchange.connection.RepeatedCalls;
import io.mailferry.exchange.connection.RetryLimits;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.folder.Folder;
import io.mailferry.exchange.folder.FolderCalls;
import io.mailferry.exchange.folder.FolderId;
import io.mailferry.exchange.folder.FolderPage;
import io.mailferry.exchange.folder.WellKnownFolder;
import io.mailferry.exchange.item.ContentSink;
import io.mailferry.exchange.item.HeaderSink;
import io.mailferry.exchange.item.ItemCalls;
import io.mailferry.exchange.item.ItemId;
import io.mailferry.exchange.item.ItemPage;
import io.mailferry.exchange.item.SyncCalls;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One mailbox of one server, for one worker. Not thread-safe: concurrent use of the library's session mixes up its
 * connections, so every worker opens its own. Opening makes no request.
 *
 * <p>Calls come back as {@link Outcome}: repetitions within the limits have happened, and the failure says what the
 * caller may still do. Programming errors are exceptions.
 */
public final class ExchangeSession implements AutoCloseable {

    private final EwsConnection connection;
    private final FolderCalls folders;
    private final SyncCalls sync;
    private final ItemCalls items;

    private ExchangeSession(EwsConnection connection, RepeatedCalls repeated) {
        this.connection = connection;
        this.folders = new FolderCalls(connection, repeated);
        this.sync = new SyncCalls(connection, repeated);
        this.items = new ItemCalls(connection, repeated);
    }

    public static ExchangeSession open(
            EwsEndpoint endpoint, Credentials credentials, MailboxAddress mailbox, Settings settings) {
        return new ExchangeSession(
                new EwsConnection(endpoint, credentials, mailbox, settings.connection(), settings.clock()),
                new RepeatedCalls(settings.retries(), settings.pacing(), settings.pause(), settings.random()));
    }

    /** What changed among the folders; all of them when the state is null. The top folder itself is not among them. */
    public Outcome<FolderPage> syncFolderHierarchy(@Nullable String syncState) {
        return Outcome.of(() -> folders.syncHierarchy(syncState));
    }

    /** What changed in a folder; everything when the state is null. At most 512 changes a page. */
    public Outcome<ItemPage> syncFolderItems(FolderId folder, @Nullable String syncState, int changesMax) {
        return Outcome.of(() -> sync.sync(folder, syncState, changesMax));
    }

    public Outcome<Folder> folder(FolderId id) {
        return Outcome.of(() -> folders.folder(id));
    }

    public Outcome<Folder> folder(WellKnownFolder folder) {
        return Outcome.of(() -> folders.folder(folder));
    }

    /** Several folders as they are now; those that are gone or forbidden are left out. */
    public Outcome<Map<FolderId, Folder>> folders(List<FolderId> ids) {
        return Outcome.of(() -> folders.folders(ids));
    }

    /** The ids of the well-known folders that the mailbox has. */
    public Outcome<Map<WellKnownFolder, FolderId>> wellKnownFolders() {
        return Outcome.of(folders::wellKnown);
    }

    /** Reads properties; a hundred items a call is well. Empty when every item went to the sink, one way or another. */
    public Optional<ExchangeFailure> readHeaders(List<ItemId> ids, HeaderSink sink) {
        return Optional.ofNullable(items.readHeaders(ids, sink));
    }

    /**
     * Reads contents; ten items a call is well, a large one alone. Empty when every item went to the sink, one way or
     * another; otherwise what stopped it, and the items that neither ended nor failed were not read.
     */
    public Optional<ExchangeFailure> readContents(List<ItemId> ids, ContentSink sink) {
        return Optional.ofNullable(items.readContents(ids, sink));
    }

    /** The server's build as its last answer said. */
    public Optional<ServerVersion> serverVersion() {
        return Optional.ofNullable(connection.version());
    }

    @Override
    public void close() {
        connection.close();
    }

    /**
     * What a session is bound by.
     *
     * @param pacing told of each answer and each throttling, from the session's own thread
     * @param random spreads the pauses
     */
    public record Settings(
            ConnectionLimits connection,
            RetryLimits retries,
            Pacing pacing,
            Pause pause,
            Clock clock,
            RandomGenerator random) {}
}
