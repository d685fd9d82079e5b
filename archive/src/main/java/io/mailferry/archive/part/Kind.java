package io.mailferry.archive.part;

/** What a part is of. The order is that of the Avro enum and must not change. */
public enum Kind {
    /** An attempt begins; no page. */
    BEGIN,
    /** Describes one folder; its item is the folder's key, its page belongs to the hierarchy. */
    FOLDER,
    /** An item with header and content. */
    CONTENT,
    /** An item whose content the archive has already, under the same content id. */
    REFERENCE,
    /** An item was deleted or moved out of the folder. */
    DELETION,
    /** An item was read, or marked as unread. */
    READ_FLAG,
    /** An item that could not be read. */
    SKIP,
    /** Ends a page; bears the sealed sync state where the page ends a sync page. */
    PAGE_END,
    /** An attempt has sent everything; no page. */
    END;

    /** Whether a run of this kind is about one item or folder description, and so gets an index entry. */
    public boolean indexed() {
        return switch (this) {
            case FOLDER, CONTENT, REFERENCE, DELETION, READ_FLAG, SKIP -> true;
            case BEGIN, PAGE_END, END -> false;
        };
    }

    /** Whether parts of this kind belong to a page. */
    public boolean paged() {
        return this != BEGIN && this != END;
    }

    /** Whether parts of this kind name a content. */
    public boolean named() {
        return this == CONTENT || this == REFERENCE;
    }
}
