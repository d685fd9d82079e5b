package io.mailferry.simulator.ews;

import io.mailferry.simulator.mail.Person;
import io.mailferry.simulator.mailbox.Item;
import io.mailferry.simulator.mailbox.Spoilage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** An item as an element, its properties in the schema's order. */
final class ItemXml {
    /** Raw and as references: both are found in the answers of real servers, and neither is XML 1.0. */
    private static final String CONTROL_CHARACTERS = "\u001A&#x0;\u0001&#x1A;";

    /**
     * Put before the real base64: padding in the middle, and control characters. A reader that drops the control characters
     * meets the padding where none may be; one that replaces them meets what is no base64 at all.
     */
    static final String SPOILED_BASE64 = "TWlt\u0001ZQ==&#x0;\u001A";

    private final XmlOut out;
    private final Item item;
    private final RequestedShape shape;
    private final ItemFacts facts;

    ItemXml(XmlOut out, Item item, RequestedShape shape) throws IOException {
        this.out = out;
        this.item = item;
        this.shape = shape;
        this.facts = ItemFacts.of(item);
    }

    static String elementName(String itemClass) {
        return switch (itemClass) {
            case "IPM.Appointment" -> "t:CalendarItem";
            case "IPM.Contact" -> "t:Contact";
            case "IPM.Task" -> "t:Task";
            default -> "t:Message";
        };
    }

    void write() throws IOException {
        String element = elementName(facts.itemClass());
        out.open(element);
        if (shape.mime()) {
            mimeContent();
        }
        out.empty("t:ItemId", "Id", item.id(), "ChangeKey", item.changeKey());
        itemProperties();
        for (ExtendedProperty property : shape.extended()) {
            extended(property);
        }
        lateProperties();
        if (element.equals("t:Message")) {
            messageProperties();
        }
        out.close(element);
    }

    private void mimeContent() throws IOException {
        out.open("t:MimeContent", "CharacterSet", "UTF-8");
        writeBase64(out, item);
        out.close("t:MimeContent");
    }

    /** The item's MIME as base64; if its content is spoiled, control characters stand in it. */
    static void writeBase64(XmlOut out, Item item) throws IOException {
        if (item.spoilage() == Spoilage.CONTROL_CHARACTERS_IN_CONTENT) {
            out.raw(SPOILED_BASE64);
        }
        try (OutputStream mime = out.base64()) {
            item.content().writeMime(mime);
        }
    }

    private void itemProperties() throws IOException {
        if (shape.wants("item:ParentFolderId")) {
            out.empty("t:ParentFolderId", "Id", item.folder().id());
        }
        text("item:ItemClass", "t:ItemClass", facts.itemClass());
        if (shape.wants("item:Subject")) {
            subject();
        }
        text("item:Sensitivity", "t:Sensitivity", "Normal");
        text("item:DateTimeReceived", "t:DateTimeReceived", MapiProperties.time(facts.at()));
        text("item:Size", "t:Size", Long.toString(facts.bytes()));
        text("item:Importance", "t:Importance", facts.importance());
        text("item:InReplyTo", "t:InReplyTo", facts.inReplyTo());
        text("item:IsSubmitted", "t:IsSubmitted", "false");
        text(
                "item:IsDraft",
                "t:IsDraft",
                Boolean.toString("drafts".equals(item.folder().distinguishedName())));
        text("item:DateTimeSent", "t:DateTimeSent", MapiProperties.time(facts.at()));
        text("item:DateTimeCreated", "t:DateTimeCreated", MapiProperties.time(facts.at()));
        text("item:DisplayCc", "t:DisplayCc", facts.displayCc());
        text("item:DisplayTo", "t:DisplayTo", facts.displayTo());
        text("item:HasAttachments", "t:HasAttachments", Boolean.toString(facts.hasAttachments()));
    }

    private void subject() throws IOException {
        out.open("t:Subject");
        if (item.spoilage() == Spoilage.CONTROL_CHARACTERS_IN_SUBJECT) {
            out.raw(CONTROL_CHARACTERS);
        }
        out.text(facts.subject()).close("t:Subject");
    }

    private void extended(ExtendedProperty property) throws IOException {
        String value = MapiProperties.of(item, facts, property.tag());
        if (property.tag() == 0x0037 && item.spoilage() == Spoilage.CONTROL_CHARACTERS_IN_SUBJECT) {
            out.open("t:ExtendedProperty").empty("t:ExtendedFieldURI", property.attributes());
            out.open("t:Value").raw(CONTROL_CHARACTERS).text(facts.subject()).close("t:Value");
            out.close("t:ExtendedProperty");
        } else {
            property.write(out, value);
        }
    }

    private void lateProperties() throws IOException {
        text("item:Culture", "t:Culture", "en-US");
        text("item:LastModifiedTime", "t:LastModifiedTime", MapiProperties.time(MapiProperties.modified(item, facts)));
    }

    private void messageProperties() throws IOException {
        if (facts.from() != null) {
            person("message:Sender", "t:Sender", facts.from());
        }
        people("message:ToRecipients", "t:ToRecipients", facts.to());
        people("message:CcRecipients", "t:CcRecipients", facts.cc());
        if (facts.from() != null) {
            person("message:From", "t:From", facts.from());
        }
        text("message:InternetMessageId", "t:InternetMessageId", facts.messageId());
        text("message:IsRead", "t:IsRead", Boolean.toString(item.read()));
        text("message:References", "t:References", facts.inReplyTo());
    }

    private void text(String field, String element, @org.jspecify.annotations.Nullable String value)
            throws IOException {
        if (value != null && shape.wants(field)) {
            out.element(element, value);
        }
    }

    private void person(String field, String element, Person person) throws IOException {
        if (shape.wants(field)) {
            out.open(element);
            mailbox(person);
            out.close(element);
        }
    }

    private void people(String field, String element, List<Person> people) throws IOException {
        if (shape.wants(field) && !people.isEmpty()) {
            out.open(element);
            for (Person person : people) {
                mailbox(person);
            }
            out.close(element);
        }
    }

    private void mailbox(Person person) throws IOException {
        out.open("t:Mailbox").element("t:Name", person.name()).element("t:EmailAddress", person.address());
        out.element("t:RoutingType", "SMTP").close("t:Mailbox");
    }
}
