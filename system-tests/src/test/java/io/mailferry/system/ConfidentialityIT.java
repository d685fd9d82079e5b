package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.id.MailboxId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Nothing of the mail is readable at rest: known phrases of the simulated mail, addresses and the account's password are
 * looked for in the broker's log files, the database's files, the bucket and every log of the services, as plain text
 * and as base64 at each of its three alignments.
 */
@ExtendWith(SystemStack.class)
final class ConfidentialityIT {
    private static final String ADDRESS = "path@system.example";
    private static final int BLOCK = 1 << 20;

    @Test
    void leavesNoTraceOfMailAddressesOrCredentials(SystemStack.Running running) throws IOException {
        Operator operator = running.operator();
        MailboxId mailbox = operator.mailbox(ADDRESS);
        operator.export(mailbox);
        operator.verify(mailbox);
        List<String> secrets = new ArrayList<>(running.fleet().phrases());
        secrets.add(ADDRESS);
        secrets.add(running.fleet().servicePassword());
        secrets.add(running.stack().folder().operatorToken());
        List<byte[]> needles =
                secrets.stream().flatMap(ConfidentialityIT::forms).toList();

        List<String> found = new ArrayList<>();
        for (Path place : List.of(
                running.stack().kafka().data(),
                running.stack().postgres().data(),
                running.stack().s3().data(),
                running.stack().folder().logs())) {
            assertThat(Files.exists(place))
                    .as("a place to look at: " + place.getFileName())
                    .isTrue();
            try (Stream<Path> files = Files.walk(place)) {
                files.filter(Files::isRegularFile).forEach(file -> search(file, needles, found));
            }
        }

        assertThat(needles).hasSizeGreaterThan(8);
        assertThat(found).as("files that show mail, addresses or credentials").isEmpty();
    }

    @Test
    void wouldFindAPhrase(SystemStack.Running running) throws IOException {
        Path file = Files.writeString(
                running.folder().resolve("leak"),
                "x".repeat(BLOCK - 5) + running.fleet().phrases().getFirst());
        List<String> found = new ArrayList<>();

        search(file, forms(running.fleet().phrases().getFirst()).toList(), found);

        assertThat(found).hasSize(1);
    }

    private static Stream<byte[]> forms(String secret) {
        byte[] plain = secret.getBytes(StandardCharsets.UTF_8);
        Stream<byte[]> encoded = Stream.of(0, 1, 2).map(shift -> base64At(plain, shift));
        return Stream.concat(Stream.of(plain), encoded).filter(form -> form.length >= 6);
    }

    /** The digits that the secret has in base64 whatever stands around it, when it begins at this alignment. */
    private static byte[] base64At(byte[] secret, int shift) {
        byte[] shifted = new byte[secret.length + shift];
        System.arraycopy(secret, 0, shifted, shift, secret.length);
        String digits = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        int from = (shift * 8 + 5) / 6;
        int to = shifted.length * 8 / 6;
        return digits.substring(from, to).getBytes(StandardCharsets.US_ASCII);
    }

    private static void search(Path file, List<byte[]> needles, List<String> found) {
        int overlap = needles.stream().mapToInt(needle -> needle.length).max().orElse(0);
        byte[] block = new byte[BLOCK + overlap];
        try (var in = Files.newInputStream(file)) {
            int kept = 0;
            int count = in.readNBytes(block, 0, BLOCK);
            while (count > 0) {
                String text = new String(block, 0, kept + count, StandardCharsets.ISO_8859_1);
                for (byte[] needle : needles) {
                    if (text.contains(new String(needle, StandardCharsets.ISO_8859_1))) {
                        found.add(file.getFileName() + " holds " + new String(needle, StandardCharsets.UTF_8));
                    }
                }
                int total = kept + count;
                kept = Math.min(overlap, total);
                System.arraycopy(block, total - kept, block, 0, kept);
                count = in.readNBytes(block, kept, BLOCK);
            }
        } catch (java.nio.file.NoSuchFileException e) {
            // The parts go on working: a file may be gone since it was listed.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
