package io.mailferry.simulator.ews;

import io.mailferry.simulator.mail.Chance;
import io.mailferry.simulator.mailbox.Item;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The MAPI properties that a request may name by their tag. A tag that is not here is absent from the item. */
final class MapiProperties {
    private static final int FLAG_READ = 0x01;
    private static final int FLAG_UNMODIFIED = 0x02;
    private static final int FLAG_HAS_ATTACHMENTS = 0x10;

    private MapiProperties() {}

    static @Nullable String of(Item item, ItemFacts facts, int tag) {
        return switch (tag) {
            case 0x001A -> facts.itemClass();
            case 0x0037, 0x0E1D, 0x0070 -> facts.subject();
            case 0x0017 -> importance(facts);
            case 0x0036 -> "0";
            case 0x0E06, 0x0039, 0x3007 -> time(facts.at());
            case 0x3008 -> time(modified(item, facts));
            case 0x0E07 -> Integer.toString(flags(item, facts));
            case 0x0E08 -> Long.toString(facts.bytes());
            case 0x0E1B -> Boolean.toString(facts.hasAttachments());
            case 0x10F4 -> "false";
            case 0x300B -> binary(item.searchKey());
            case 0x65E2 -> item.changeKey();
            case 0x1035 -> facts.messageId();
            case 0x1042, 0x1039 -> facts.inReplyTo();
            case 0x1080 -> item.read() ? "256" : "257";
            case 0x1081 -> isAnswered(item) ? "102" : null;
            case 0x1082 -> isAnswered(item) ? time(facts.at().plus(1, ChronoUnit.HOURS)) : null;
            case 0x1090 -> isFlagged(item) ? "2" : null;
            case 0x1095 -> isFlagged(item) ? "6" : null;
            case 0x3FDE -> "65001";
            case 0x0C1A, 0x0042 -> facts.from() == null ? null : facts.from().name();
            case 0x0C1E, 0x0064 -> facts.from() == null ? null : "SMTP";
            case 0x0C1F, 0x0065, 0x5D01, 0x5D02 ->
                facts.from() == null ? null : facts.from().address();
            case 0x0E04 -> facts.displayTo();
            case 0x0E03 -> facts.displayCc();
            case 0x0071 -> binary(new UUID(item.searchKey().getMostSignificantBits(), 0));
            default -> null;
        };
    }

    static Instant modified(Item item, ItemFacts facts) {
        return facts.at().plus(item.edition(), ChronoUnit.DAYS);
    }

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String importance(ItemFacts facts) {
        return switch (facts.importance()) {
            case "Low" -> "0";
            case "High" -> "2";
            default -> "1";
        };
    }

    private static boolean isAnswered(Item item) {
        return Chance.of(item.searchKey().getLeastSignificantBits(), 1).in(0.2);
    }

    private static boolean isFlagged(Item item) {
        return Chance.of(item.searchKey().getLeastSignificantBits(), 2).in(0.05);
    }

    private static int flags(Item item, ItemFacts facts) {
        return (item.read() ? FLAG_READ : 0)
                | (Chance.of(item.searchKey().getLeastSignificantBits()).in(0.8) ? FLAG_UNMODIFIED : 0)
                | (facts.hasAttachments() ? FLAG_HAS_ATTACHMENTS : 0);
    }

    private static String binary(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
