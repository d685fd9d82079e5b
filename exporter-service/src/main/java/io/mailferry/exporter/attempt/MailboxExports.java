package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.KeyMissing;
import io.mailferry.archive.keys.KeyWrong;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.transition.Outcome.ExportFinished;
import io.mailferry.exchange.ExchangeSession;
import io.mailferry.exchange.Outcome;
import io.mailferry.exchange.connection.ConnectionLimits;
import io.mailferry.exchange.connection.Credentials;
import io.mailferry.exchange.connection.EwsEndpoint;
import io.mailferry.exchange.connection.MailboxAddress;
import io.mailferry.exchange.connection.Pause;
import io.mailferry.exchange.connection.RetryLimits;
import io.mailferry.exchange.connection.Trust;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.folder.Folder;
import io.mailferry.exchange.folder.WellKnownFolder;
import io.mailferry.exporter.credential.CredentialFiles;
import io.mailferry.exporter.transfer.Unconfirmed;
import io.mailferry.exporter.transfer.Window;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** Brings mailboxes up to date in the archive: opens what an attempt needs, and begins again where the log says so. */
@Singleton
public final class MailboxExports {
    private static final Logger LOG = Logger.getLogger(MailboxExports.class);

    private final ObjectStore store;
    private final TenantKeys tenantKeys;
    private final CredentialFiles credentials;
    private final Window window;
    private final AttemptSettings settings;
    private final Clock clock;
    private final RandomGenerator random;

    MailboxExports(
            ObjectStore store,
            TenantKeys tenantKeys,
            CredentialFiles credentials,
            Window window,
            AttemptSettings settings,
            Clock clock,
            RandomGenerator random) {
        this.store = store;
        this.tenantKeys = tenantKeys;
        this.credentials = credentials;
        this.window = window;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    /** Works on the mailbox until it is up to date, fails, or the turn is to stop. */
    public Ending run(ExportedMailbox mailbox, ExportTurn turn) {
        String last = "";
        try {
            for (int restart = 0; restart <= settings.restartsMax(); restart++) {
                try {
                    return new Ending.Finished(attempt(mailbox, turn));
                } catch (AttemptFailure e) {
                    last = e.failed().cause();
                    switch (e.reaction()) {
                        case FAIL -> {
                            return e.failed();
                        }
                        case STOP -> {
                            return new Ending.Stopped();
                        }
                        case RESTART ->
                            LOG.infof(
                                    "attempt begins again from the log mailboxId=%s cause=%s", mailbox.mailbox(), last);
                    }
                }
            }
        } catch (KeyMissing | KeyWrong e) {
            // Its message names tenant, key and remedy, and nothing secret.
            LOG.error(e.getMessage());
            return failed(e instanceof KeyMissing ? "KeyMissing" : "KeyWrong");
        }
        return new Ending.Failed(FailureCategory.TRANSIENT, "RefusedTooOften_" + last, Duration.ZERO);
    }

    private static Ending.Failed failed(String cause) {
        return new Ending.Failed(FailureCategory.PERMANENT, cause, Duration.ZERO);
    }

    private ExportFinished attempt(ExportedMailbox mailbox, ExportTurn turn) {
        KeyEncryptionKey kek = tenantKeys.keyEncryption(mailbox.tenant());
        try (ExchangeSession session = session(mailbox, turn)) {
            Folder root = root(session);
            session.serverVersion()
                    .map(seen -> new ExchangeBuild(seen.major(), seen.minor(), seen.majorBuild(), seen.minorBuild()))
                    .ifPresent(turn::observed);
            AttemptPlace place = new AttemptPlace(mailbox.tenant(), mailbox.mailbox(), AttemptId.random());
            try (Unconfirmed sent = window.open(place, turn::pageStored)) {
                return attempt(session, root, place, kek, sent, turn);
            }
        }
    }

    /** Asked before anything is sent: an account that is refused, or a server that is away, costs no attempt. */
    private static Folder root(ExchangeSession session) {
        return switch (session.folder(WellKnownFolder.MSGFOLDERROOT)) {
            case Outcome.Got<Folder>(Folder root) -> root;
            case Outcome.Failed<Folder>(ExchangeFailure failure) -> {
                if (failure.fingerprint() != null) {
                    LOG.errorf("certificate of the Exchange server refused sha256=%s", failure.fingerprint());
                }
                throw AttemptFailure.of(failure);
            }
        };
    }

    private ExportFinished attempt(
            ExchangeSession session,
            Folder root,
            AttemptPlace place,
            KeyEncryptionKey kek,
            Unconfirmed sent,
            ExportTurn turn) {
        ArchiveReads reads = new ArchiveReads(settings);
        MailboxPlace where = new MailboxPlace(place.tenant(), place.mailbox());
        MailboxLog log = new MailboxLog(store, where, UUID.randomUUID(), clock);
        LogState before = reads.read(log::read);
        AttemptWatch watch = new AttemptWatch(place.attempt(), sent, log, before, reads, turn, settings);
        try {
            for (byte[] part : MailboxKeys.begin(
                            store, where, kek, reads, before.number() == 0, turn.tenantHasArchive())
                    .parts(place)) {
                sent.send(part);
            }
        } catch (IOException e) {
            throw watch.sendingFailed();
        }
        watch.awaitOpened();
        LOG.infof("attempt opened mailboxId=%s attempt=%s", place.mailbox(), place.attempt());
        MailboxKeys keys = MailboxKeys.read(store, where, kek, reads);
        MailboxArchive archive = MailboxArchive.read(store, where, log, keys.sealing(), keys.mac(), reads);
        watch.follow(archive.state());
        return new Attempt(session, place, keys, archive, watch, sent, turn, settings).run(root);
    }

    private ExchangeSession session(ExportedMailbox mailbox, ExportTurn turn) {
        io.mailferry.contracts.exchange.EwsEndpoint endpoint = mailbox.endpoint();
        Optional<Credentials> account = credentials.read(mailbox.tenant(), endpoint.credentialRef());
        String address = tenantKeys.directory(mailbox.tenant()).open(mailbox.address());
        AttemptSettings.Exchange bounds = settings.exchange();
        try {
            return ExchangeSession.open(
                    new EwsEndpoint(
                            URI.create(endpoint.url()),
                            trust(endpoint.trust()),
                            endpoint.impersonate(),
                            endpoint.insecureHttp()),
                    account.orElseThrow(() -> AttemptFailure.lasting("CredentialsMissing")),
                    new MailboxAddress(address),
                    new ExchangeSession.Settings(
                            new ConnectionLimits(
                                    bounds.connect(),
                                    bounds.read(),
                                    bounds.answer(),
                                    bounds.answerBytesMax(),
                                    bounds.redirectsMax()),
                            new RetryLimits(
                                    bounds.attemptsMax(), bounds.pauseMin(), bounds.pauseMax(), bounds.backOffMax()),
                            turn.pace(),
                            Pause.SLEEP,
                            clock,
                            random));
        } catch (IllegalArgumentException e) {
            throw AttemptFailure.lasting("EndpointInvalid");
        }
    }

    private static Trust trust(io.mailferry.contracts.exchange.Trust trust) {
        return switch (trust) {
            case io.mailferry.contracts.exchange.Trust.SystemAuthorities() -> new Trust.System();
            case io.mailferry.contracts.exchange.Trust.Authority(String pem) -> new Trust.Authority(pem);
            case io.mailferry.contracts.exchange.Trust.Pinned(String sha256) -> new Trust.Pinned(sha256);
        };
    }
}
