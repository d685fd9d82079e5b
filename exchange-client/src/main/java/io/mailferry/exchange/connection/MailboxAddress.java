package io.mailferry.exchange.connection;

/** The SMTP address of a mailbox, in clear: it goes to the server and nowhere else. Never printed. */
public record MailboxAddress(String value) {

    public MailboxAddress {
        if (value.isBlank() || value.length() > 320 || value.chars().anyMatch(c -> c <= ' ' || c == 127)) {
            throw new IllegalArgumentException("not an SMTP address");
        }
    }

    @Override
    public String toString() {
        return "MailboxAddress[hidden]";
    }
}
