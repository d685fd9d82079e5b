package io.mailferry.simulator.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a generated item holds, decided from its seed before a byte of it is written.
 *
 * @param seed of the bodies and attachments
 * @param shape MIME structure
 * @param script language, charset of the main text
 * @param encoding transfer encoding of the main text
 * @param subject empty for some
 * @param from sender
 * @param to recipients; one to a few, 2,000 for an enormous header
 * @param cc often none
 * @param at when it was delivered; a missing Date header does not change that
 * @param dateHeader false if the mail bears no Date
 * @param emptyHeaders true if it bears headers without a value
 * @param longHeaders true if it bears one header of many kilobytes
 * @param messageId with its angle brackets
 * @param inReplyTo null if it answers nothing
 * @param importance Low, Normal or High
 * @param attachments how many files are attached
 * @param bytesTarget what the size of the MIME is near to
 */
public record MailPlan(
        long seed,
        Shape shape,
        Script script,
        TransferEncoding encoding,
        String subject,
        Person from,
        List<Person> to,
        List<Person> cc,
        Instant at,
        boolean dateHeader,
        boolean emptyHeaders,
        boolean longHeaders,
        String messageId,
        @Nullable String inReplyTo,
        String importance,
        int attachments,
        long bytesTarget) {
    private static final long EPOCH_SECOND = 1_451_606_400L; // 2016-01-01
    private static final int SECONDS = 5 * 365 * 24 * 3600;
    private static final int MANY_RECIPIENTS = 2000;
    private static final long PLAIN_BYTES_MAX = 60_000;

    public MailPlan {
        to = List.copyOf(to);
        cc = List.copyOf(cc);
    }

    /**
     * Decides an item.
     *
     * @param seed of this item, and this edition of it
     * @param special the shape of all items of its folder, or null for mail of any shape
     * @param owner the mailbox's owner, its usual recipient
     * @param sizes how large
     */
    public static MailPlan of(long seed, @Nullable Shape special, Person owner, Sizes sizes) {
        Chance chance = Chance.of(seed, 1);
        long bytes = special == null ? sizes.draw(chance) : Math.min(sizes.draw(chance), 8_000);
        Shape shape = special == null ? mailShape(chance, bytes) : special;
        return decide(chance, seed, shape, owner, bytes);
    }

    /** Decides a mail with one attachment that makes its MIME nearly this large. */
    public static MailPlan large(long seed, Person owner, long bytes) {
        return decide(Chance.of(seed, 1), seed, Shape.MIXED, owner, bytes);
    }

    private static MailPlan decide(Chance chance, long seed, Shape shape, Person owner, long bytes) {
        Script script = chance.in(0.3) ? Script.ENGLISH : chance.pick(List.of(Script.values()));
        boolean enormous = shape.isMail() && chance.in(0.004);
        boolean longSubject = shape.isMail() && chance.in(0.004);
        boolean noSubject = shape.isMail() && chance.in(0.03);
        Person from = Person.any(chance);
        List<Person> to = new ArrayList<>(List.of(owner));
        int others = enormous ? MANY_RECIPIENTS - 1 : chance.in(0.3) ? chance.between(1, 5) : 0;
        for (int i = 0; i < others; i++) {
            to.add(Person.any(chance));
        }
        List<Person> cc = chance.in(0.2) ? List.of(Person.any(chance), Person.any(chance)) : List.of();
        String id = Long.toHexString(chance.next()) + "." + Long.toHexString(chance.next());
        String domain = chance.pick(Phrases.DOMAINS);
        return new MailPlan(
                seed,
                shape,
                script,
                chance.pick(script.encodings),
                noSubject ? "" : subject(chance, script, longSubject),
                from,
                to,
                cc,
                Instant.ofEpochSecond(EPOCH_SECOND + chance.below(SECONDS)),
                !chance.in(0.02),
                chance.in(0.03),
                chance.in(0.005),
                "<" + id + "@" + domain + ">",
                chance.in(0.4) ? "<" + Long.toHexString(chance.next()) + "@" + domain + ">" : null,
                chance.in(0.9) ? "Normal" : chance.in(0.5) ? "High" : "Low",
                shape == Shape.MIXED ? (bytes > 4_000_000 ? 1 : chance.between(1, 4)) : 0,
                bytes);
    }

    private static Shape mailShape(Chance chance, long bytes) {
        int draw = chance.below(100);
        if (bytes > PLAIN_BYTES_MAX) {
            return draw < 80 ? Shape.MIXED : draw < 90 ? Shape.RELATED : Shape.NESTED;
        }
        if (draw < 24) {
            return Shape.PLAIN;
        }
        if (draw < 38) {
            return Shape.HTML;
        }
        if (draw < 68) {
            return Shape.ALTERNATIVE;
        }
        if (draw < 74) {
            return Shape.RELATED;
        }
        return draw < 93 ? Shape.MIXED : Shape.NESTED;
    }

    private static String subject(Chance chance, Script script, boolean longSubject) {
        StringBuilder text = new StringBuilder(chance.pick(script.subjects));
        text.append(' ').append(chance.pick(Phrases.SUBJECTS));
        text.append(' ').append(chance.below(100_000));
        while (longSubject && text.length() < 6_000) {
            text.append(' ').append(chance.pick(script.subjects));
        }
        return text.toString();
    }

    /** Whether the item has files attached, as Exchange tells it. */
    public boolean hasAttachments() {
        return attachments > 0 || shape == Shape.NESTED;
    }

    /** The item's size as Exchange would show it: near to, but not, that of its MIME. */
    public long shownBytes() {
        return bytesTarget + 90L * to.size();
    }

    /** Subject and people are not for logs. */
    @Override
    public String toString() {
        return "MailPlan[" + shape + ", " + bytesTarget + " bytes]";
    }
}
