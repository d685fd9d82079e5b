package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.KeyMissing;
import io.mailferry.archive.keys.KeyWrong;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Proves restore points: reads the log with its hash chain and the exporter's signature, every segment, and every live
 * item to its last byte, and names whatever is not what was written. Safe for use by several threads; each verification
 * has its own scratch folder.
 */
public final class RestorePointVerifier {
    private final ObjectStore store;
    private final TenantKeys keys;
    private final ReadLimits limits;
    private final int namedMax;

    /** @param namedMax how many damages a finding names; all are counted */
    public RestorePointVerifier(ObjectStore store, TenantKeys keys, ReadLimits limits, int namedMax) {
        this.store = store;
        this.keys = keys;
        this.limits = limits;
        this.namedMax = namedMax;
    }

    /** @param wanted empty for the newest */
    public Verdict verify(
            TenantId tenant, MailboxId mailbox, Optional<RestorePointId> wanted, VerificationProgress progress) {
        try {
            KeyEncryptionKey kek = keys.keyEncryption(tenant);
            MailboxPlace place = new MailboxPlace(tenant, mailbox);
            return new VerificationRun(store, place, kek, limits, new Damages(namedMax), progress).run(wanted);
        } catch (KeyMissing e) {
            return new Verdict.KeyAbsent(e.name());
        } catch (KeyWrong e) {
            return new Verdict.KeyUnreadable(e.name());
        } catch (ScratchFull e) {
            return new Verdict.ScratchExhausted();
        } catch (StoreReads.StoppedByCaller e) {
            return new Verdict.Stopped();
        } catch (StoreReads.LocalFailure e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            return new Verdict.StoreFailed(StoreReads.categoryOf(e));
        }
    }
}
