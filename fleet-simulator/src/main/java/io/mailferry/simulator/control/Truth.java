package io.mailferry.simulator.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.simulator.mailbox.Folder;
import io.mailferry.simulator.mailbox.Item;
import io.mailferry.simulator.mailbox.ItemContent;
import io.mailferry.simulator.mailbox.Mailbox;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Streams what is true of a mailbox, one JSON line for each live item, its content generated once more for the hash. */
final class Truth {
    private static final int ITEMS_AT_ONCE = 500;

    private final ObjectMapper mapper;

    Truth(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    void write(Mailbox mailbox, OutputStream out) throws IOException {
        for (Folder folder : mailbox.allFolders()) {
            int offset = 0;
            while (true) {
                var page = mailbox.items(folder, offset, ITEMS_AT_ONCE);
                for (Item item : page) {
                    write(folder, item, out);
                }
                if (page.size() < ITEMS_AT_ONCE) {
                    break;
                }
                offset += page.size();
            }
        }
    }

    private void write(Folder folder, Item item, OutputStream out) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        Counting counting = new Counting();
        try (DigestOutputStream hashing = new DigestOutputStream(counting, digest)) {
            item.content().writeMime(hashing);
        }
        String itemClass = switch (item.content()) {
            case ItemContent.Generated generated -> generated.plan().shape().itemClass();
            case ItemContent.FromFile file -> "IPM.Note";
        };
        String sha256 = HexFormat.of().formatHex(digest.digest());
        out.write(mapper.writeValueAsBytes(FleetReport.TruthLine.of(folder, item, itemClass, counting.bytes, sha256)));
        out.write('\n');
    }

    private static final class Counting extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            bytes += length;
        }
    }
}
