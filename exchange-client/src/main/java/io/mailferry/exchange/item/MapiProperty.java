package io.mailferry.exchange.item;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The MAPI properties that MIME loses and a faithful return needs. Each is one more property for the server to fetch,
 * so the list is short; {@code docs/archive-format.md} shows it to readers of the archive.
 */
public enum MapiProperty {
    /** PidTagMessageFlags: without it an imported mail is a draft. */
    MESSAGE_FLAGS(0x0E07, "Integer"),
    /** PidTagMessageDeliveryTime: without it an imported mail bears today's date. */
    MESSAGE_DELIVERY_TIME(0x0E06, "SystemTime"),
    CLIENT_SUBMIT_TIME(0x0039, "SystemTime"),
    CREATION_TIME(0x3007, "SystemTime"),
    LAST_MODIFICATION_TIME(0x3008, "SystemTime"),
    /** PidTagSearchKey: stays with the item over moves and copies. */
    SEARCH_KEY(0x300B, "Binary"),
    INTERNET_MESSAGE_ID(0x1035, "String"),
    ICON_INDEX(0x1080, "Integer"),
    LAST_VERB_EXECUTED(0x1081, "Integer"),
    LAST_VERB_EXECUTION_TIME(0x1082, "SystemTime"),
    FLAG_STATUS(0x1090, "Integer"),
    FLAG_COMPLETE_TIME(0x1091, "SystemTime"),
    FOLLOWUP_ICON(0x1095, "Integer"),
    IMPORTANCE(0x0017, "Integer"),
    PRIORITY(0x0026, "Integer"),
    SENSITIVITY(0x0036, "Integer"),
    CONVERSATION_TOPIC(0x0070, "String"),
    CONVERSATION_INDEX(0x0071, "Binary"),
    INTERNET_CODEPAGE(0x3FDE, "Integer");

    private final int tag;
    private final String type;

    MapiProperty(int tag, String type) {
        this.tag = tag;
        this.type = type;
    }

    /** As it stands in requests and in the archive: {@code 0x0E07}. */
    public String tag() {
        return "0x" + HexFormat.of().withUpperCase().toHexDigits((short) tag);
    }

    /** The type's name in EWS. */
    public String type() {
        return type;
    }

    /** By the tag of an answer, which servers write without leading zeros and in either case; null for others. */
    static @Nullable MapiProperty ofTag(@Nullable String tag) {
        if (tag == null || !tag.matches("0[xX][0-9a-fA-F]{1,4}")) {
            return null;
        }
        int number = Integer.parseInt(tag.substring(2), 16);
        for (MapiProperty property : values()) {
            if (property.tag == number) {
                return property;
            }
        }
        return null;
    }
}
