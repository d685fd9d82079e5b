package io.mailferry.inventory.escrow;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.PutOutcome;
import io.mailferry.archive.store.StoreFailure;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.Outcome.SettingsEscrowed;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jboss.logging.Logger;

/** Where escrowed settings go: one object for each command, written once. */
@Singleton
public final class EscrowBucket {
    private static final Logger LOG = Logger.getLogger(EscrowBucket.class);

    private final ObjectStore store;

    EscrowBucket(ObjectStore store) {
        this.store = store;
    }

    /**
     * Stores the escrow of this command. An agent that was not told that its result is taken sends it again, encrypted
     * anew: the first one that arrived stays, and is what is told.
     *
     * @throws ProblemException 503 when it is not certain that an escrow of this command is stored
     */
    public SettingsEscrowed store(TenantId tenant, AgentId agent, CommandId command, String jwe) {
        String object = "t/" + tenant + "/escrow/" + agent + "/" + command + ".jwe";
        byte[] bytes = jwe.getBytes(StandardCharsets.US_ASCII);
        try {
            return switch (store.putIfAbsent(object, bytes)) {
                case PutOutcome.Stored _ -> new SettingsEscrowed(object, sha256(bytes));
                case PutOutcome.AlreadyThere _ -> existing(object);
                case PutOutcome.Unconfirmed unconfirmed -> throw away(unconfirmed.why());
            };
        } catch (StoreFailure e) {
            throw away(e);
        }
    }

    private SettingsEscrowed existing(String object) throws StoreFailure {
        byte[] first = store.get(object)
                .orElseThrow(() -> ProblemException.unavailable("The bucket contradicts itself; try again."));
        return new SettingsEscrowed(object, sha256(first));
    }

    private static ProblemException away(StoreFailure failure) {
        LOG.errorf(failure, "Escrow not stored category=%s cause=%s", failure.category(), failure.word());
        return ProblemException.unavailable("The settings could not be stored; send the result again.");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
