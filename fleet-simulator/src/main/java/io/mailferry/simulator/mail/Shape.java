package io.mailferry.simulator.mail;

/** The MIME structure of a generated item. */
public enum Shape {
    PLAIN,
    HTML,
    ALTERNATIVE,
    RELATED,
    MIXED,
    NESTED,
    APPOINTMENT,
    CONTACT,
    TASK,
    NOTE;

    /** The MAPI message class that Exchange shows. */
    public String itemClass() {
        return switch (this) {
            case PLAIN, HTML, ALTERNATIVE, RELATED, MIXED, NESTED -> "IPM.Note";
            case APPOINTMENT -> "IPM.Appointment";
            case CONTACT -> "IPM.Contact";
            case TASK -> "IPM.Task";
            case NOTE -> "IPM.StickyNote";
        };
    }

    boolean isMail() {
        return itemClass().equals("IPM.Note");
    }
}
