package io.mailferry.simulator.mailbox;

import io.mailferry.simulator.mail.MailPlan;
import io.mailferry.simulator.mail.MailWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where an item's bytes come from. */
public sealed interface ItemContent {

    /** Writes the item's MIME; the same item gives the same bytes each time. */
    void writeMime(OutputStream out) throws IOException;

    /** Mail made from a seed. */
    record Generated(MailPlan plan) implements ItemContent {
        @Override
        public void writeMime(OutputStream out) throws IOException {
            MailWriter.write(plan, out);
        }
    }

    /** A message from a file, byte for byte. */
    record FromFile(Path file, long bytes) implements ItemContent {
        @Override
        public void writeMime(OutputStream out) throws IOException {
            Files.copy(file, out);
        }
    }
}
