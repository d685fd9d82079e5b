package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.stack.ServiceKind;
import io.mailferry.stack.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever is killed, restarted, emptied or refused in mid-run: every item is stored, and none twice. */
@ExtendWith(SystemStack.class)
final class InterruptionIT {
    private static final Duration PROGRESS = Duration.ofSeconds(90);
    private static final int KILLS = 3;

    private final SystemStack.Running running;

    InterruptionIT(SystemStack.Running running) {
        this.running = running;
    }

    @BeforeEach
    void slowDownSoThatThereIsAMiddle() {
        running.fleet().fault(Map.of("kind", "slow", "operation", "GetItem", "bytesPerSecond", 400_000));
    }

    @AfterEach
    void clearFaults() {
        running.fleet().clearFaults();
        running.storeUnavailable(false);
    }

    @Test
    void losesNothingWhenTheExporterIsKilled() throws IOException {
        killedInMidRun("exporter.killed@system.example", running.exporter());
    }

    @Test
    void losesNothingWhenTheUploaderIsKilled() throws IOException {
        killedInMidRun("uploader.killed@system.example", running.uploader());
    }

    @Test
    void losesNothingWhenKafkaIsRestartedAndItsItemTopicEmptied() throws IOException {
        inMidRun("kafka@system.example", (stored, mailbox) -> {
            running.stack().kafka().restart();
            awaitMorePages(stored, stored.pages());
            running.stack().kafka().emptyTopic(Topic.ITEMS);
        });
    }

    @Test
    void losesNothingWhenPostgresIsRestarted() throws IOException {
        inMidRun(
                "postgres@system.example",
                (stored, mailbox) -> running.stack().postgres().restart());
    }

    @Test
    void losesNothingWhileTheStoreAnswers503() throws IOException {
        inMidRun("store@system.example", (stored, mailbox) -> {
            running.storeUnavailable(true);
            Await.until("requests are refused", PROGRESS, () -> running.refusedByStore() >= 5);
            running.storeUnavailable(false);
        });
    }

    @Test
    void storesNothingTwiceWhenTwoExportersReadOneMailbox() throws IOException {
        try (ServiceProcess second = running.stack().startAnother(ServiceKind.EXPORTER)) {
            inMidRun("twins@system.example", (stored, mailbox) -> {
                Operator again = stored.operator();
                String other = again.startExport(mailbox);
                awaitMorePages(stored, stored.pages());
                again.ended(other);
            });
            assertThat(second.alive()).isTrue();
        }
    }

    private void killedInMidRun(String address, ServiceProcess victim) throws IOException {
        inMidRun(address, (stored, mailbox) -> {
            for (int kill = 0; kill < KILLS; kill++) {
                victim.kill();
                long before = stored.pages();
                victim.startAgain();
                if (kill < KILLS - 1) {
                    awaitMorePages(stored, before);
                }
            }
        });
    }

    /** What happens to a mailbox while it is being exported. */
    private interface Interruption {
        void happen(Observed stored, MailboxId mailbox);
    }

    /** @param operator who ordered the export */
    private record Observed(Operator operator, StoredMailbox mailbox) {
        long pages() {
            return mailbox.pages();
        }
    }

    private void inMidRun(String address, Interruption interruption) throws IOException {
        Operator operator = running.operator();
        MailboxId mailbox = operator.mailbox(address);
        Observed observed = new Observed(operator, operator.stored(mailbox));
        String command = operator.startExport(mailbox);
        awaitMorePages(observed, 1);

        interruption.happen(observed, mailbox);
        running.fleet().clearFaults();

        operator.succeeded(command);
        Compare.sameAsTruth(observed.mailbox().newest(), running.fleet().truth(address));
        assertThat(operator.verify(mailbox).path("damaged").asLong()).isZero();
    }

    private static void awaitMorePages(Observed stored, long before) {
        Await.until("more pages are stored", PROGRESS, () -> stored.pages() > before);
    }
}
