package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.store.StoredObject;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.stack.ServiceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A bucket that was meddled with is never read as good: verify finds what was done and names it. */
@ExtendWith(SystemStack.class)
final class TamperingIT {
    private static final String ADDRESS = "tampered@system.example";

    private final SystemStack.Running running;

    TamperingIT(SystemStack.Running running) {
        this.running = running;
    }

    @Test
    void findsATamperedPackAForgedLogEntryAndAWrongKey() throws IOException {
        Operator operator = running.operator();
        MailboxId mailbox = operator.mailbox(ADDRESS);
        operator.export(mailbox);
        assertThat(operator.verify(mailbox).path("damaged").asLong()).isZero();
        StoredMailbox stored = operator.stored(mailbox);

        tamperedPack(operator, mailbox, stored);
        forgedLogEntry(operator, mailbox, stored);
        wrongKey(operator, mailbox);

        assertThat(verified(operator, mailbox).path("damages").isEmpty())
                .as("all put right again")
                .isTrue();
    }

    private void tamperedPack(Operator operator, MailboxId mailbox, StoredMailbox stored) throws IOException {
        String pack = objects(stored, "packs/").getFirst();
        byte[] whole = running.bucket().get(pack).orElseThrow();
        byte[] tampered = whole.clone();
        tampered[tampered.length / 2] ^= 1;
        running.bucket().put(pack, tampered);

        assertNames(verified(operator, mailbox), "CHECKSUM_MISMATCH", pack);

        running.bucket().put(pack, whole);
    }

    private void forgedLogEntry(Operator operator, MailboxId mailbox, StoredMailbox stored) throws IOException {
        String entry = objects(stored, "log/").get(1);
        byte[] whole = running.bucket().get(entry).orElseThrow();
        String text = new String(whole, StandardCharsets.UTF_8);
        running.bucket()
                .put(entry, text.replaceFirst("\"at\":\"20", "\"at\":\"19").getBytes(StandardCharsets.UTF_8));

        JsonNode result = verified(operator, mailbox);

        running.bucket().put(entry, whole);
        assertThat(result.toString()).contains("FORGED_LOG_ENTRY");
    }

    private void wrongKey(Operator operator, MailboxId mailbox) throws IOException {
        Path keys = running.stack().folder().keys();
        Path right = keys.resolve(operator.tenant().toString()).resolve("kek.json");
        Path aside = running.folder().resolve("kek-aside.json");
        TenantId another = TenantId.random();
        TenantKeys.open(keys, true).keyEncryption(another);
        Path foreign = keys.resolve(another.toString()).resolve("kek.json");
        Files.copy(right, aside, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(foreign, right, StandardCopyOption.REPLACE_EXISTING);

        JsonNode result = verified(operator, mailbox);

        Files.copy(aside, right, StandardCopyOption.REPLACE_EXISTING);
        assertThat(result.toString()).contains("WRONG_KEY");
    }

    private static void assertNames(JsonNode result, String cause, String object) {
        assertThat(result.toString()).contains(cause).contains(object);
    }

    private List<String> objects(StoredMailbox stored, String folder) throws IOException {
        return running.bucket().list(stored.place().prefix() + folder).stream()
                .map(StoredObject::name)
                .sorted()
                .toList();
    }

    /** A direct verification, whose answer names each damage. */
    private JsonNode verified(Operator operator, MailboxId mailbox) {
        Rest restore = running.rest(ServiceKind.RESTORE);
        String job = restore.post(
                        "/tenants/" + operator.tenant() + "/verifications", Map.of("mailboxId", mailbox.toString()))
                .path("jobId")
                .asText();
        return Await.value(
                "verification ends",
                Duration.ofMinutes(2),
                () -> Optional.of(restore.read("/verifications/" + job))
                        .filter(state -> !List.of("queued", "running")
                                .contains(state.path("state").asText())));
    }
}
