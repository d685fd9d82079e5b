package io.mailferry.simulator.mail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Writes a plan as MIME. The same plan gives the same bytes, in constant memory whatever its size. */
public final class MailWriter {
    private static final DateTimeFormatter RFC_5322 =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);
    private static final DateTimeFormatter ICALENDAR = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);
    private static final int NESTING_MAX = 3;

    private final MailPlan plan;
    private final OutputStream out;
    private final Chance chance;
    private final int depth;
    private int boundaries;

    private MailWriter(MailPlan plan, OutputStream out, int depth) {
        this.plan = plan;
        this.out = out;
        this.chance = Chance.of(plan.seed(), 2);
        this.depth = depth;
    }

    /** Writes the whole message; does not close the stream. */
    public static void write(MailPlan plan, OutputStream out) throws IOException {
        new MailWriter(plan, out, 0).message();
    }

    private void message() throws IOException {
        headers();
        switch (plan.shape()) {
            case PLAIN -> text("plain", textBytes(plan.bytesTarget()));
            case HTML -> text("html", textBytes(plan.bytesTarget()));
            case ALTERNATIVE -> alternative(textBytes(plan.bytesTarget()));
            case RELATED -> related();
            case MIXED -> mixed();
            case NESTED -> nested();
            case APPOINTMENT -> calendar("VEVENT");
            case TASK -> calendar("VTODO");
            case CONTACT -> contact();
            case NOTE -> text("plain", 400);
        }
    }

    private void headers() throws IOException {
        String day = RFC_5322.format(plan.at().atOffset(ZoneOffset.ofHours(chance.between(-7, 9))));
        ascii("Received: from relay." + Phrases.DOMAINS.get(0) + " (192.0.2." + chance.between(1, 254) + ")\r\n by mx."
                + Phrases.DOMAINS.get(1) + " with ESMTP id " + Long.toHexString(chance.next()) + ";\r\n " + day
                + "\r\n");
        ascii("From: " + HeaderText.mailbox(plan.from(), plan.script()) + "\r\n");
        people("To", plan.to());
        if (!plan.cc().isEmpty()) {
            people("Cc", plan.cc());
        }
        if (plan.emptyHeaders()) {
            ascii("Cc:\r\nX-Empty:\r\nX-Blank: \r\nComments: \t\r\n");
        }
        ascii("Subject: " + HeaderText.unstructured(plan.subject(), plan.script()) + "\r\n");
        if (plan.dateHeader()) {
            ascii("Date: " + day + "\r\n");
        }
        ascii("Message-ID: " + plan.messageId() + "\r\n");
        if (plan.inReplyTo() != null) {
            ascii("In-Reply-To: " + plan.inReplyTo() + "\r\nReferences: " + plan.inReplyTo() + "\r\n");
        }
        if (!plan.importance().equals("Normal")) {
            ascii("Importance: " + plan.importance() + "\r\n");
        }
        if (plan.longHeaders()) {
            StringBuilder trace = new StringBuilder("X-Trace:");
            for (int i = 0; i < 1500; i++) {
                trace.append("\r\n\thop=").append(i).append(" id=").append(Long.toHexString(chance.next()));
            }
            ascii(trace.append("\r\n").toString());
        }
        ascii("MIME-Version: 1.0\r\n");
    }

    private void people(String header, List<Person> people) throws IOException {
        ascii(header + ": ");
        for (int i = 0; i < people.size(); i++) {
            ascii(HeaderText.mailbox(people.get(i), plan.script()) + (i + 1 < people.size() ? ",\r\n " : "\r\n"));
        }
    }

    private void text(String subtype, int bytes) throws IOException {
        ascii("Content-Type: text/" + subtype + "; charset=" + plan.script().charsetName
                + "\r\nContent-Transfer-Encoding: " + plan.encoding().label + "\r\n\r\n");
        out.write(plan.encoding().encode(subtype.equals("html") ? html(bytes) : plain(bytes)));
        ascii("\r\n");
    }

    private byte[] plain(int bytes) {
        Script script = plan.script();
        ByteArrayOutputStream body = new ByteArrayOutputStream(bytes + 256);
        body.writeBytes(script.byteOrderMark());
        body.writeBytes(script.encode("Reference: " + chance.pick(Phrases.BODIES) + "\r\n\r\n"));
        while (body.size() < bytes) {
            body.writeBytes(script.sentence(chance));
        }
        return body.toByteArray();
    }

    private byte[] html(int bytes) {
        Script script = plan.script();
        ByteArrayOutputStream body = new ByteArrayOutputStream(bytes + 512);
        body.writeBytes(script.byteOrderMark());
        body.writeBytes(script.encode("<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset="
                + script.charsetName + "\"><style>p.MsoNormal{margin:0cm;font-size:11.0pt}</style></head>\r\n<body>\r\n"
                + "<p class=\"MsoNormal\">Reference: <b>" + chance.pick(Phrases.BODIES) + "</b>&nbsp;</p>\r\n"));
        while (body.size() < bytes) {
            body.writeBytes(script.encode("<p class=\"MsoNormal\">"));
            body.writeBytes(script.sentence(chance));
            body.writeBytes(script.encode("</p>\r\n"));
        }
        body.writeBytes(script.encode("</body></html>\r\n"));
        return body.toByteArray();
    }

    private void alternative(int bytes) throws IOException {
        String boundary = multipart("alternative", "");
        part(boundary);
        text("plain", bytes / 3);
        part(boundary);
        text("html", bytes * 2 / 3);
        end(boundary);
    }

    private void related() throws IOException {
        int words = textBytes(plan.bytesTarget() / 4);
        String boundary = multipart("related", ";\r\n type=\"text/html\"");
        part(boundary);
        text("html", words);
        part(boundary);
        ascii("Content-Type: image/png; name=\"logo.png\"\r\nContent-ID: <logo@" + Phrases.DOMAINS.get(2)
                + ">\r\nContent-Disposition: inline; filename=\"logo.png\"\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n");
        new Attachment(chance).binary(out, Math.max(300, plan.bytesTarget() - words));
        end(boundary);
    }

    private void mixed() throws IOException {
        int words = textBytes(plan.bytesTarget() / 4);
        String boundary = multipart("mixed", "");
        part(boundary);
        if (chance.in(0.6)) {
            alternative(words);
        } else {
            text("plain", words);
        }
        long share = Math.max(200, (plan.bytesTarget() - words) / Math.max(1, plan.attachments()));
        for (int i = 0; i < plan.attachments(); i++) {
            part(boundary);
            new Attachment(chance).write(out, plan.script(), share);
        }
        end(boundary);
    }

    private void nested() throws IOException {
        int words = textBytes(plan.bytesTarget() / 10);
        String boundary = multipart("mixed", "");
        part(boundary);
        text("plain", words);
        part(boundary);
        ascii("Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n");
        long seed = chance.next();
        long rest = Math.max(600, plan.bytesTarget() - words);
        MailPlan inner = depth + 1 < NESTING_MAX && chance.in(0.25)
                ? MailPlan.of(seed, Shape.NESTED, plan.from(), new Sizes(rest, rest, rest))
                : MailPlan.of(
                        seed,
                        rest > 60_000 ? Shape.MIXED : Shape.ALTERNATIVE,
                        plan.from(),
                        new Sizes(rest, rest, rest));
        new MailWriter(inner, out, depth + 1).message();
        end(boundary);
    }

    private void calendar(String component) throws IOException {
        String boundary = multipart("alternative", "");
        part(boundary);
        text("plain", 300);
        part(boundary);
        String at = ICALENDAR.format(plan.at().atOffset(ZoneOffset.UTC));
        ascii("Content-Type: text/calendar; charset=\"utf-8\"; method=PUBLISH\r\n"
                + "Content-Transfer-Encoding: 8bit\r\n\r\n");
        utf8("BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nPRODID:Mailferry simulator\r\nVERSION:2.0\r\nBEGIN:" + component
                + "\r\nUID:" + Long.toHexString(plan.seed()) + "\r\nDTSTAMP:" + at + "\r\nDTSTART:" + at
                + "\r\nSUMMARY:" + plan.subject() + "\r\nDESCRIPTION:" + chance.pick(Phrases.BODIES) + "\r\nEND:"
                + component + "\r\nEND:VCALENDAR\r\n");
        end(boundary);
    }

    private void contact() throws IOException {
        ascii("Content-Type: text/x-vcard; charset=\"utf-8\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
        utf8("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:" + plan.from().name() + "\r\nEMAIL:"
                + plan.from().address() + "\r\nNOTE:" + chance.pick(Phrases.BODIES) + "\r\nREV:" + plan.at()
                + "\r\nEND:VCARD\r\n");
    }

    private String multipart(String subtype, String parameters) throws IOException {
        String boundary = "----=_Part_" + depth + "_" + boundaries++ + "_" + Long.toHexString(plan.seed());
        ascii("Content-Type: multipart/" + subtype + parameters + ";\r\n boundary=\"" + boundary + "\"\r\n\r\n");
        if (depth == 0 && boundaries == 1) {
            ascii("This is a multi-part message in MIME format.\r\n");
        }
        return boundary;
    }

    private void part(String boundary) throws IOException {
        ascii("\r\n--" + boundary + "\r\n");
    }

    private void end(String boundary) throws IOException {
        ascii("\r\n--" + boundary + "--\r\n");
    }

    private int textBytes(long target) {
        return Math.clamp(target, 120, 60_000);
    }

    private void ascii(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void utf8(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
