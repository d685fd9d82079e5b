package io.mailferry.inventory.mailbox;

import io.mailferry.inventory.protocol.Field;
import java.util.regex.Pattern;

/** How mail addresses look, in whatever script; whether anybody has one is Exchange's matter. */
public final class MailAddress {
    private static final Pattern SHAPE = Pattern.compile("[^\\s@<>]{1,128}@[^\\s@<>]{1,255}");

    private MailAddress() {}

    private static final int LENGTH_MAX = 320;

    static boolean isOne(String text) {
        return text.length() <= LENGTH_MAX
                && SHAPE.matcher(text).matches()
                && text.codePoints().noneMatch(Character::isISOControl);
    }

    public static String read(Field field) {
        return field.text(LENGTH_MAX, SHAPE, "This is not a mail address.");
    }
}
