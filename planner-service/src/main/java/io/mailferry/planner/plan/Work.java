package io.mailferry.planner.plan;

import io.mailferry.contracts.id.MailboxId;
import java.util.Optional;

/** What a step does. Its key is its name within a plan, in rows and paths. */
sealed interface Work {
    String EXPORT = "export-";
    String VERIFY = "verify-";

    String key();

    /** The place in a plan's list; steps of equal position are ordered by their keys. */
    int position();

    default Optional<MailboxId> mailbox() {
        return Optional.empty();
    }

    /** The agent's settings and key go to the bucket before anything touches the agent. */
    record EscrowSettings() implements Work {
        @Override
        public String key() {
            return "escrow-settings";
        }

        @Override
        public int position() {
            return 10;
        }
    }

    record FreezeRetention() implements Work {
        @Override
        public String key() {
            return "freeze-retention";
        }

        @Override
        public int position() {
            return 20;
        }
    }

    record UpgradeAgent() implements Work {
        @Override
        public String key() {
            return "upgrade-agent";
        }

        @Override
        public int position() {
            return 30;
        }
    }

    record CreateEwsSet() implements Work {
        @Override
        public String key() {
            return "create-ews-set";
        }

        @Override
        public int position() {
            return 40;
        }
    }

    record Export(MailboxId of) implements Work {
        @Override
        public String key() {
            return EXPORT + of;
        }

        @Override
        public int position() {
            return 50;
        }

        @Override
        public Optional<MailboxId> mailbox() {
            return Optional.of(of);
        }
    }

    record Verify(MailboxId of) implements Work {
        @Override
        public String key() {
            return VERIFY + of;
        }

        @Override
        public int position() {
            return 60;
        }

        @Override
        public Optional<MailboxId> mailbox() {
            return Optional.of(of);
        }
    }

    record DisableSchedule() implements Work {
        @Override
        public String key() {
            return "disable-schedule";
        }

        @Override
        public int position() {
            return 70;
        }
    }

    /** @throws IllegalArgumentException if no step is called so */
    static Work of(String key) {
        return switch (key) {
            case "escrow-settings" -> new EscrowSettings();
            case "freeze-retention" -> new FreezeRetention();
            case "upgrade-agent" -> new UpgradeAgent();
            case "create-ews-set" -> new CreateEwsSet();
            case "disable-schedule" -> new DisableSchedule();
            case String text when text.startsWith(EXPORT) -> new Export(MailboxId.of(text.substring(EXPORT.length())));
            case String text when text.startsWith(VERIFY) -> new Verify(MailboxId.of(text.substring(VERIFY.length())));
            case String _ -> throw new IllegalArgumentException("no such step");
        };
    }
}
