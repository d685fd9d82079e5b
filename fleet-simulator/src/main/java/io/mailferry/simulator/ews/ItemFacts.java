package io.mailferry.simulator.ews;

import io.mailferry.simulator.mail.MailPlan;
import io.mailferry.simulator.mail.Person;
import io.mailferry.simulator.mailbox.Item;
import io.mailferry.simulator.mailbox.ItemContent;
import io.mailferry.simulator.mailbox.Mailbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Exchange's store would know of an item beside its content. */
record ItemFacts(
        String itemClass,
        String subject,
        @Nullable Person from,
        List<Person> to,
        List<Person> cc,
        Instant at,
        @Nullable String messageId,
        @Nullable String inReplyTo,
        String importance,
        boolean hasAttachments,
        long bytes) {
    private static final int HEADER_LINES_MAX = 500;

    static ItemFacts of(Item item) throws IOException {
        return switch (item.content()) {
            case ItemContent.Generated generated -> of(generated.plan());
            case ItemContent.FromFile file -> of(file);
        };
    }

    private static ItemFacts of(MailPlan plan) {
        return new ItemFacts(
                plan.shape().itemClass(),
                plan.subject(),
                plan.from(),
                plan.to(),
                plan.cc(),
                plan.at(),
                plan.messageId(),
                plan.inReplyTo(),
                plan.importance(),
                plan.hasAttachments(),
                Mailbox.shownBytes(new ItemContent.Generated(plan)));
    }

    /** From the file's first headers, as they stand there: the file may be malformed on purpose. */
    private static ItemFacts of(ItemContent.FromFile content) throws IOException {
        Map<String, String> headers = new HashMap<>();
        try (BufferedReader reader = Files.newBufferedReader(content.file(), StandardCharsets.ISO_8859_1)) {
            String name = "";
            for (int i = 0; i < HEADER_LINES_MAX; i++) {
                String line = reader.readLine();
                if (line == null || line.isEmpty()) {
                    break;
                }
                int colon = line.indexOf(':');
                if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                    headers.computeIfPresent(name, (key, value) -> value + line);
                } else if (colon > 0) {
                    name = line.substring(0, colon).toLowerCase(Locale.ROOT);
                    headers.putIfAbsent(name, line.substring(colon + 1).trim());
                }
            }
        }
        String subject = headers.getOrDefault("subject", "");
        return new ItemFacts(
                "IPM.Note",
                subject.substring(0, Math.min(255, subject.length())),
                null,
                List.of(),
                List.of(),
                Files.getLastModifiedTime(content.file()).toInstant(),
                headers.get("message-id"),
                headers.get("in-reply-to"),
                "Normal",
                headers.getOrDefault("content-type", "").startsWith("multipart/mixed"),
                content.bytes());
    }

    String displayTo() {
        return String.join("; ", to.stream().limit(100).map(Person::name).toList());
    }

    String displayCc() {
        return String.join("; ", cc.stream().map(Person::name).toList());
    }
}
