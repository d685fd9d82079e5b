package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.stack.ServiceKind;
import io.mailferry.stack.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever is killed, restarted, emptied or refused in mid-run: every item is stored, and none twice. */
@ExtendWith(SystemStack.class)
final class InterruptionIT {
    private static final Duration PROGRESS = Duration.ofSeconds(90);

    /** Turns of exporter and uploader; after them both are killed at once. */
    private static final int KILLS = 6;

    private static final int KILLS_LONG = 54;

    /** Records that lie in the item topic when it is emptied: more than a page has. */
    private static final long UNREAD = 40;

    private final SystemStack.Running running;

    InterruptionIT(SystemStack.Running running) {
        this.running = running;
    }

    /** Slow enough that no run reaches its end before its interruptions do. */
    @BeforeEach
    void slowDownSoThatThereIsAMiddle() {
        running.fleet().fault(Map.of("kind", "slow", "operation", "GetItem", "bytesPerSecond", 150_000));
    }

    @AfterEach
    void clearFaults() {
        running.fleet().clearFaults();
        running.storeUnavailable(false);
    }

    @Test
    void losesNothingWhenExporterAndUploaderAreKilledInTurnAndThenBoth() throws IOException {
        killedInMidRun("killed@system.example", KILLS);
    }

    @Test
    @Tag("long")
    void losesNothingInManyKills() throws IOException {
        killedInMidRun("killed.often@system.example", KILLS_LONG);
    }

    @Test
    void losesNothingWhenKafkaIsRestartedAndItsItemTopicEmptied() throws IOException {
        inMidRun("kafka@system.example", run -> {
            running.stack().kafka().restart();
            run.awaitMorePages(run.pages());
            // With nobody reading, what is emptied is certainly lost: the log has not got it yet.
            running.uploader().kill();
            ItemTopic items = new ItemTopic(running.stack().kafka());
            long sent = items.written();
            Await.until("parts lie in the topic", PROGRESS, () -> items.written() >= sent + UNREAD);
            running.stack().kafka().emptyTopic(Topic.ITEMS);
            long attempts = run.attempts();
            running.uploader().startAgain();
            Await.until("what was lost is read again", PROGRESS, () -> run.attempts() > attempts);
        });
    }

    @Test
    void losesNothingWhenPostgresIsRestarted() throws IOException {
        inMidRun("postgres@system.example", run -> {
            running.stack().postgres().restart();
            run.awaitMorePages(run.pages());
        });
    }

    @Test
    void losesNothingWhileTheStoreAnswers503() throws IOException {
        inMidRun("store@system.example", run -> {
            long refused = running.refusedByStore();
            running.storeUnavailable(true);
            Await.until("requests are refused", PROGRESS, () -> running.refusedByStore() >= refused + 5);
            running.storeUnavailable(false);
            run.awaitMorePages(run.pages());
        });
    }

    /** The first exporter is stopped for longer than its lease and comes back while the second reads. */
    @Test
    void storesNothingTwiceWhenTwoExportersReadOneMailbox() throws IOException {
        inMidRun("twins@system.example", run -> {
            long attempts = run.attempts();
            Signals.send(running.exporter().pid(), "STOP");
            try (ServiceProcess second = running.stack().startAnother(ServiceKind.EXPORTER)) {
                Await.until("the second reads on", PROGRESS, () -> run.attempts() > attempts);
                Signals.send(running.exporter().pid(), "CONT");
                run.awaitMorePages(run.pages());
                running.fleet().clearFaults();
                run.operator().succeeded(run.command());
                assertThat(second.alive()).isTrue();
            } finally {
                Signals.send(running.exporter().pid(), "CONT");
            }
        });
    }

    private void killedInMidRun(String address, int kills) throws IOException {
        inMidRun(address, run -> {
            for (int kill = 0; kill < kills; kill++) {
                killAndGoOn(run, List.of(kill % 2 == 0 ? running.exporter() : running.uploader()));
            }
            killAndGoOn(run, List.of(running.exporter(), running.uploader()));
        });
    }

    private static void killAndGoOn(Run run, List<ServiceProcess> victims) {
        assertThat(run.operator().hasEnded(run.command()))
                .as("killed in mid-run")
                .isFalse();
        victims.forEach(ServiceProcess::kill);
        long before = run.pages();
        victims.forEach(ServiceProcess::startAgain);
        run.awaitMorePages(before);
    }

    /** What happens to a mailbox while it is being exported. */
    private interface Interruption {
        void happen(Run run);
    }

    /** @param command the export that is interrupted */
    private record Run(Operator operator, MailboxId mailbox, StoredMailbox stored, String command) {
        long pages() {
            return stored.pages();
        }

        long attempts() {
            return stored.attempts();
        }

        void awaitMorePages(long before) {
            Await.until("more pages are stored", PROGRESS, () -> pages() > before);
        }
    }

    private void inMidRun(String address, Interruption interruption) throws IOException {
        Operator operator = running.operator();
        MailboxId mailbox = operator.mailbox(address);
        Run run = new Run(operator, mailbox, operator.stored(mailbox), operator.startExport(mailbox));
        run.awaitMorePages(1);

        interruption.happen(run);
        running.fleet().clearFaults();

        operator.succeeded(run.command());
        Compare.sameAsTruth(run.stored().newest(), running.fleet().truth(address));
        assertThat(operator.verify(mailbox).path("damaged").asLong()).isZero();
    }
}
