package io.mailferry.exchange.item;

import io.mailferry.exchange.answer.AnswerReader;
import io.mailferry.exchange.folder.FolderId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one item's properties, whatever its class. Enormous values are cut, never refused. */
final class HeaderReader {

    /** The shape of the request: every property by name, since default shapes differ between servers. */
    static final String SHAPE = "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
            + Stream.of(
                            "item:ParentFolderId",
                            "item:ItemClass",
                            "item:Subject",
                            "item:Categories",
                            "item:DateTimeReceived",
                            "item:Size",
                            "item:DateTimeSent",
                            "item:DateTimeCreated",
                            "item:IsDraft",
                            "item:HasAttachments",
                            "message:Sender",
                            "message:From",
                            "message:ToRecipients",
                            "message:CcRecipients",
                            "message:BccRecipients",
                            "message:IsRead")
                    .map(name -> "<t:FieldURI FieldURI=\"" + name + "\"/>")
                    .collect(Collectors.joining())
            + Stream.of(MapiProperty.values())
                    .map(property -> "<t:ExtendedFieldURI PropertyTag=\"" + property.tag() + "\" PropertyType=\""
                            + property.type() + "\"/>")
                    .collect(Collectors.joining())
            + "</t:AdditionalProperties></m:ItemShape>";

    /** MSGFLAG_READ, [MS-OXCMSG] 2.2.1.6. */
    private static final int FLAG_READ = 1;

    private static final int SUBJECT_CHARACTERS_MAX = 16 * 1024;
    private static final int PERSON_CHARACTERS_MAX = 1024;
    private static final int PEOPLE_MAX = 500;
    private static final int CATEGORIES_MAX = 100;
    private static final int PROPERTY_CHARACTERS_MAX = 4096;

    private final AnswerReader reader;
    private final List<String> to = new ArrayList<>();
    private final List<String> cc = new ArrayList<>();
    private final List<String> bcc = new ArrayList<>();
    private final List<String> categories = new ArrayList<>();
    private final Map<MapiProperty, String> properties = new EnumMap<>(MapiProperty.class);
    private @Nullable ItemId id;
    private @Nullable FolderId parent;
    private String itemClass = "";
    private String subject = "";
    private String from = "";
    private String sender = "";
    private @Nullable Instant sentAt;
    private @Nullable Instant receivedAt;
    private @Nullable Instant createdAt;
    private long size = -1;
    private @Nullable Boolean read;
    private @Nullable Boolean draft;
    private @Nullable Boolean attachments;

    HeaderReader(AnswerReader reader) {
        this.reader = reader;
    }

    /** Reads the item at which the reader stands; null when it bears no id. */
    @Nullable
    ItemHeader read() {
        int depth = reader.depth();
        while (reader.nextChild(depth)) {
            readElement(reader.name());
        }
        if (id == null) {
            return null;
        }
        return new ItemHeader(
                id,
                parent,
                itemClass,
                subject,
                from.isEmpty() ? sender : from,
                to,
                cc,
                bcc,
                sentAt,
                receivedAt,
                createdAt,
                size,
                isRead(),
                draft,
                attachments,
                categories,
                properties);
    }

    private void readElement(String name) {
        switch (name) {
            case "ItemId" -> id = SyncCalls.id(reader);
            case "ParentFolderId" -> {
                String value = reader.attribute("Id");
                parent = value == null || value.isEmpty() ? null : new FolderId(value);
            }
            case "ItemClass" -> itemClass = reader.word();
            case "Subject" -> subject = reader.text(SUBJECT_CHARACTERS_MAX);
            case "Categories" -> readCategories();
            case "DateTimeReceived" -> receivedAt = instant(reader.word());
            case "DateTimeSent" -> sentAt = instant(reader.word());
            case "DateTimeCreated" -> createdAt = instant(reader.word());
            case "Size" -> size = SyncCalls.size(reader.word());
            case "IsRead" -> read = Boolean.parseBoolean(reader.word());
            case "IsDraft" -> draft = Boolean.parseBoolean(reader.word());
            case "HasAttachments" -> attachments = Boolean.parseBoolean(reader.word());
            case "From" -> from = firstPerson();
            case "Sender" -> sender = firstPerson();
            case "ToRecipients" -> readPeople(to);
            case "CcRecipients" -> readPeople(cc);
            case "BccRecipients" -> readPeople(bcc);
            case "ExtendedProperty" -> readProperty();
            default -> {}
        }
    }

    /**
     * Only messages have IsRead; contacts, tasks and appointments have the same bit in PidTagMessageFlags alone. Null
     * where the server gave neither.
     */
    private @Nullable Boolean isRead() {
        String flags = properties.get(MapiProperty.MESSAGE_FLAGS);
        if (read != null || flags == null) {
            return read;
        }
        try {
            return (Integer.parseInt(flags) & FLAG_READ) != 0;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void readCategories() {
        int depth = reader.depth();
        while (reader.nextChild(depth)) {
            String category = reader.text(PERSON_CHARACTERS_MAX);
            if (categories.size() < CATEGORIES_MAX) {
                categories.add(category);
            }
        }
    }

    private String firstPerson() {
        List<String> people = new ArrayList<>();
        readPeople(people);
        return people.isEmpty() ? "" : people.getFirst();
    }

    private void readPeople(List<String> people) {
        int depth = reader.depth();
        while (reader.nextChild(depth)) {
            String name = "";
            String address = "";
            int mailbox = reader.depth();
            while (reader.nextChild(mailbox)) {
                if (reader.name().equals("Name")) {
                    name = reader.text(PERSON_CHARACTERS_MAX);
                } else if (reader.name().equals("EmailAddress")) {
                    address = reader.text(PERSON_CHARACTERS_MAX);
                }
            }
            if (people.size() < PEOPLE_MAX && !(name.isEmpty() && address.isEmpty())) {
                people.add(address.isEmpty() ? name : (name + " <" + address + ">").strip());
            }
        }
    }

    private void readProperty() {
        int depth = reader.depth();
        MapiProperty property = null;
        String value = null;
        while (reader.nextChild(depth)) {
            if (reader.name().equals("ExtendedFieldURI")) {
                property = MapiProperty.ofTag(reader.attribute("PropertyTag"));
            } else if (reader.name().equals("Value")) {
                value = reader.text(PROPERTY_CHARACTERS_MAX);
            }
        }
        if (property != null && value != null) {
            properties.put(property, value);
        }
    }

    /** Servers write UTC with Z, with an offset, or without either; a date that is none of them is left out. */
    static @Nullable Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            try {
                return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException alsoNot) {
                return null;
            }
        }
    }
}
