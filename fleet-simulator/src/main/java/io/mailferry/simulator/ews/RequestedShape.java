package io.mailferry.simulator.ews;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.w3c.dom.Element;

/**
 * Which properties a request wants of items or folders.
 *
 * @param mime whether the MIME content is wanted
 * @param fields field URIs such as item:Subject
 * @param extended MAPI properties, in the request's order
 */
record RequestedShape(boolean mime, Set<String> fields, List<ExtendedProperty> extended) {
    private static final Set<String> DEFAULT_ITEM = Set.of(
            "item:Subject",
            "item:Sensitivity",
            "item:Size",
            "item:DateTimeSent",
            "item:DateTimeCreated",
            "item:HasAttachments",
            "message:From",
            "message:IsRead");
    private static final Set<String> ALL_ITEM = Set.of(
            "item:ParentFolderId",
            "item:ItemClass",
            "item:Subject",
            "item:Sensitivity",
            "item:DateTimeReceived",
            "item:Size",
            "item:Importance",
            "item:InReplyTo",
            "item:IsSubmitted",
            "item:IsDraft",
            "item:DateTimeSent",
            "item:DateTimeCreated",
            "item:DisplayCc",
            "item:DisplayTo",
            "item:HasAttachments",
            "item:Culture",
            "item:LastModifiedTime",
            "message:Sender",
            "message:ToRecipients",
            "message:CcRecipients",
            "message:From",
            "message:InternetMessageId",
            "message:IsRead",
            "message:References");
    private static final Set<String> DEFAULT_FOLDER =
            Set.of("folder:DisplayName", "folder:TotalCount", "folder:ChildFolderCount", "folder:UnreadCount");
    private static final Set<String> ALL_FOLDER = Set.of(
            "folder:ParentFolderId",
            "folder:FolderClass",
            "folder:DisplayName",
            "folder:TotalCount",
            "folder:ChildFolderCount",
            "folder:DistinguishedFolderId",
            "folder:UnreadCount");

    static RequestedShape ofItems(Element operation) throws EwsException {
        return of(SoapRequest.child(operation, "ItemShape"), DEFAULT_ITEM, ALL_ITEM);
    }

    static RequestedShape ofFolders(Element operation) throws EwsException {
        return of(SoapRequest.child(operation, "FolderShape"), DEFAULT_FOLDER, ALL_FOLDER);
    }

    private static RequestedShape of(Optional<Element> given, Set<String> standard, Set<String> all)
            throws EwsException {
        Element shape = given.orElseThrow(
                () -> new EwsException("ErrorSchemaValidation", "The request failed schema validation: no shape."));
        String base = SoapRequest.text(shape, "BaseShape").orElse("IdOnly");
        Set<String> fields = new HashSet<>(
                switch (base) {
                    case "IdOnly" -> Set.<String>of();
                    case "Default" -> standard;
                    case "AllProperties" -> all;
                    default ->
                        throw new EwsException("ErrorSchemaValidation", "The request failed schema validation: shape.");
                });
        List<ExtendedProperty> extended = new ArrayList<>();
        Optional<Element> additional = SoapRequest.child(shape, "AdditionalProperties");
        if (additional.isPresent()) {
            for (Element property : SoapRequest.children(additional.get())) {
                switch (property.getLocalName()) {
                    case "FieldURI" -> fields.add(property.getAttribute("FieldURI"));
                    case "ExtendedFieldURI" -> extended.add(ExtendedProperty.of(property));
                    default -> {
                        // IndexedFieldURI: single headers and dictionary entries, of which generated items have none.
                    }
                }
            }
        }
        boolean mime = SoapRequest.text(shape, "IncludeMimeContent")
                        .map(t -> t.equals("true") || t.equals("1"))
                        .orElse(false)
                || fields.contains("item:MimeContent");
        return new RequestedShape(mime, Set.copyOf(fields), List.copyOf(extended));
    }

    boolean wants(String field) {
        return fields.contains(field);
    }
}
