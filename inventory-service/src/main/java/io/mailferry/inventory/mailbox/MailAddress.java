package io.mailferry.inventory.mailbox;

import io.mailferry.inventory.protocol.Field;
import java.util.regex.Pattern;

/** How mail addresses look, in whatever script; whether anybody has one is Exchange's matter. */
public final class MailAddress {
    private static final Pattern SHAPE = Pattern.compile("[^\\s@<>]{1,128}@[^\\s@<>]{1,255}");

    private MailAddress() {}

    public static String read(Field field) {
        return field.text(320, SHAPE, "This is not a mail address.");
    }
}
