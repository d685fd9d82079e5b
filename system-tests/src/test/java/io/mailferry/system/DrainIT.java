package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.stack.ServiceKind;
import io.mailferry.stack.ServiceProcess;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * SIGTERM in mid-work, to each service as it is packaged: it says first that it is not ready, ends in time by itself, and
 * what it had begun is finished or taken up by the next one. Among the long tests, since each service takes its time.
 */
@ExtendWith(SystemStack.class)
@Tag("long")
final class DrainIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String MAILBOX = "drained@system.example";

    /** A JVM that a signal ended after its shutdown hooks, and one that ended itself. */
    private static final List<Integer> ORDERLY = List.of(143, 0);

    private final SystemStack.Running running;

    DrainIT(SystemStack.Running running) {
        this.running = running;
    }

    @AfterEach
    void clearFaults() {
        running.fleet().clearFaults();
        running.storeUnavailable(false);
        for (ServiceKind service : ServiceKind.values()) {
            if (!running.stack().service(service).alive()) {
                running.stack().service(service).startAgain();
            }
        }
    }

    @Test
    void exporterAndUploaderHandBackAnExportInMidRun() throws Exception {
        Operator operator = running.operator();
        MailboxId mailbox = operator.mailbox(MAILBOX);
        StoredMailbox stored = operator.stored(mailbox);
        running.fleet().fault(Map.of("kind", "slow", "operation", "GetItem", "bytesPerSecond", 150_000));
        String command = operator.startExport(mailbox);
        Await.until("pages are stored", DEADLINE, () -> stored.pages() > 1);

        stopped(running.uploader());
        long recorded = stored.pages();
        running.uploader().startAgain();
        Await.until("the uploader goes on", DEADLINE, () -> stored.pages() > recorded);
        assertThat(operator.hasEnded(command)).as("stopped in mid-run").isFalse();
        Stopping exporter = stopped(running.exporter());

        assertThat(exporter.afterwards().size())
                .as("it is not ready while the batch in hand is finished, which takes seconds: " + exporter.readiness())
                .isGreaterThan((int) exporter.stillReady());
        assertThat(rows("SELECT state FROM exporter.job WHERE mailbox = '" + mailbox + "' AND lease IS NULL"))
                .as("the job is given back, not left to its lease")
                .containsExactly("waiting");
        running.exporter().startAgain();
        running.fleet().clearFaults();
        operator.succeeded(command);
        Compare.sameAsTruth(stored.newest(), running.fleet().truth(MAILBOX));
        restoreServiceHandsBackAVerification(operator, mailbox);
    }

    /** With the bucket away the verification cannot end before the service does. */
    private void restoreServiceHandsBackAVerification(Operator operator, MailboxId mailbox) {
        Rest restore = running.rest(ServiceKind.RESTORE);
        running.storeUnavailable(true);
        String job = restore.post(
                        "/tenants/" + operator.tenant() + "/verifications", Map.of("mailboxId", mailbox.toString()))
                .path("jobId")
                .asText();
        String lease = "SELECT state FROM restore.verification WHERE job = '" + job + "' AND lease_holder IS ";
        Await.until(
                "the verification is begun",
                DEADLINE,
                () -> !rows(lease + "NOT NULL").isEmpty());

        stopped(running.stack().service(ServiceKind.RESTORE));

        assertThat(rows(lease + "NULL")).as("handed back").containsExactly("queued");
        running.storeUnavailable(false);
        running.stack().service(ServiceKind.RESTORE).startAgain();
        JsonNode proven = Await.value(
                "the verification ends",
                DEADLINE,
                () -> Optional.of(restore.read("/verifications/" + job))
                        .filter(view -> !List.of("queued", "running")
                                .contains(view.path("state").asText())));
        assertThat(proven.path("state").asText()).isEqualTo("proven");
    }

    @Test
    void inventoryServiceKeepsWhatItSaidYesTo() throws Exception {
        Operator operator = running.operator();
        Rest inventory = running.rest(ServiceKind.INVENTORY);

        List<String> taken = askedUntilStopped(
                ServiceKind.INVENTORY,
                number -> inventory
                        .send(
                                "POST",
                                "/servers/" + operator.server() + "/mailboxes",
                                Optional.of(Map.of("address", "drain" + number + "@system.example")))
                        .body()
                        .path("mailboxId")
                        .asText());

        running.stack().service(ServiceKind.INVENTORY).startAgain();
        assertThat(inventory
                        .read("/tenants/" + operator.tenant() + "/mailboxes")
                        .valueStream())
                .extracting(mailbox -> mailbox.path("mailboxId").asText())
                .containsAll(taken);
        // The planner knows a mailbox only from the event that goes with its row.
        assertThat(operator.verificationOf(MailboxId.of(taken.getLast()))).isNotEmpty();
    }

    @Test
    void plannerServiceKeepsWhatItSaidYesTo() throws Exception {
        Operator operator = running.operator();
        MailboxId mailbox = operator.mailbox(MAILBOX);
        operator.ended(operator.verificationOf(mailbox));
        Rest planner = running.rest(ServiceKind.PLANNER);

        List<String> commands = askedUntilStopped(
                ServiceKind.PLANNER,
                number -> planner.send(
                                "POST",
                                "/tenants/" + operator.tenant() + "/verifications",
                                Optional.of(Map.of("mailboxId", mailbox.toString())))
                        .body()
                        .path("commandId")
                        .asText());

        running.stack().service(ServiceKind.PLANNER).startAgain();
        // Nothing was ever stored of this mailbox, so each ends as failed; but it ends, at restore-service, and is
        // known.
        for (String command : commands) {
            assertThat(operator.ended(command).path("failure").path("cause").asText())
                    .isEqualTo("NO_RESTORE_POINT");
        }
    }

    /** Asks one question after the other while the service is stopped; the answers that were a yes. */
    private List<String> askedUntilStopped(ServiceKind service, Function<Integer, String> question) throws Exception {
        ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();
        CountDownLatch busy = new CountDownLatch(10);
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                for (int number = 0; ; number++) {
                    String answer = question.apply(number);
                    if (!answer.isEmpty()) {
                        taken.add(answer);
                        busy.countDown();
                    }
                }
            } catch (UncheckedIOException e) {
                // The service is gone.
            }
        });
        assertThat(busy.await(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .as("the service answers")
                .isTrue();
        stopped(running.stack().service(service));
        asking.join(DEADLINE);
        return List.copyOf(taken);
    }

    private static Stopping stopped(ServiceProcess service) {
        Stopping stopping = Stopping.watch(service);
        assertThat(stopping.exit().orElse(-1))
                .as("exit code of " + service.service() + ", readiness " + stopping.readiness())
                .isIn(ORDERLY);
        assertThat(stopping.afterwards())
                .as("readiness of " + service.service() + " while it stops: " + stopping.readiness())
                .isNotEmpty()
                .doesNotContain(200);
        return stopping;
    }

    private List<String> rows(String query) {
        return new Database(running.stack().postgres()).rows(query);
    }
}
