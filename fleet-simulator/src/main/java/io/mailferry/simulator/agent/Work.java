package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What each command does. Guarded by its agent's lock. */
final class Work {
    private static final Logger LOG = Logger.getLogger(Work.class);
    private static final String EWS_NEEDS = "4.3";
    private static final String NEWEST = "4.3.0";

    /**
     * How a command ended.
     *
     * @param restart whether the agent begins a new boot
     */
    record Done(
            String outcome,
            @Nullable String cause,
            @Nullable JsonNode detail,
            boolean restart) {

        static Done succeeded(@Nullable JsonNode detail) {
            return new Done("succeeded", null, detail, false);
        }

        static Done failed(String cause) {
            return new Done("failed", cause, null, false);
        }
    }

    private final Settings settings;
    private final BackupSets backupSets;
    private final Report report;
    private final ObjectMapper mapper;

    Work(String agentName, BackupSets backupSets, Report report, ObjectMapper mapper) {
        this.settings = new Settings(agentName);
        this.backupSets = backupSets;
        this.report = report;
        this.mapper = mapper;
    }

    Done perform(AgentCommand command) {
        return switch (command) {
            case AgentCommand.EscrowAgentSettings escrow -> escrow(escrow);
            case AgentCommand.UpgradeAgent upgrade -> upgrade(upgrade);
            case AgentCommand.CreateEwsBackupSet create -> create(create);
            case AgentCommand.FreezeMapiRetention freeze -> {
                if (!backupSets.isMapi(freeze.setRef())) {
                    yield Done.failed("unknownBackupSet");
                }
                backupSets.freezeRetention(freeze.setRef());
                yield Done.succeeded(null);
            }
            case AgentCommand.DisableMapiSchedule disable -> {
                if (!backupSets.isMapi(disable.setRef())) {
                    yield Done.failed("unknownBackupSet");
                }
                backupSets.disableSchedule(disable.setRef());
                yield Done.succeeded(null);
            }
            case AgentCommand.DeleteMapiBackupSet delete -> {
                // One that is gone already is deleted with success; one of another kind is none of this command's.
                if (backupSets.isEws(delete.setRef())) {
                    yield Done.failed("unknownBackupSet");
                }
                backupSets.delete(delete.setRef());
                yield Done.succeeded(null);
            }
            case AgentCommand.Unknown unknown -> Done.failed(unknown.cause());
        };
    }

    private Done escrow(AgentCommand.EscrowAgentSettings escrow) {
        try {
            return Done.succeeded(mapper.createObjectNode().put("jwe", settings.encryptedTo(escrow.publicKey())));
        } catch (JOSEException e) {
            LOG.warnf(
                    "The settings could not be encrypted cause=%s", e.getClass().getSimpleName());
            return Done.failed("keyUnusable");
        }
    }

    private Done upgrade(AgentCommand.UpgradeAgent upgrade) {
        boolean enough = isAtLeast(report.version(), upgrade.minimumVersion());
        if (!enough && !isAtLeast(NEWEST, upgrade.minimumVersion())) {
            return Done.failed("versionNotAvailable");
        }
        if (!enough) {
            report.upgradeTo(NEWEST);
        }
        return new Done("succeeded", null, mapper.createObjectNode().put("version", report.version()), !enough);
    }

    private Done create(AgentCommand.CreateEwsBackupSet create) {
        if (!isAtLeast(report.version(), EWS_NEEDS)) {
            return Done.failed("agentTooOld");
        }
        if (!backupSets.isMapi(create.mapiSetRef())) {
            return Done.failed("unknownBackupSet");
        }
        Optional<String> ref = backupSets.createEws(create.mapiSetRef(), create.name(), create.mailboxes());
        return ref.map(made -> Done.succeeded(mapper.createObjectNode().put("ref", made)))
                .orElseGet(() -> Done.failed("unknownMailbox"));
    }

    /** Versions compare number by number; what is no number counts as 0. */
    static boolean isAtLeast(String version, String minimum) {
        String[] have = version.split("[.+-]", -1);
        String[] need = minimum.split("[.+-]", -1);
        for (int i = 0; i < Math.max(have.length, need.length); i++) {
            int difference = Integer.compare(number(have, i), number(need, i));
            if (difference != 0) {
                return difference > 0;
            }
        }
        return true;
    }

    private static int number(String[] parts, int index) {
        return index < parts.length && parts[index].matches("[0-9]{1,6}") ? Integer.parseInt(parts[index]) : 0;
    }
}
