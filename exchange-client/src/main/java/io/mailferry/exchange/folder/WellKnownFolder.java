package io.mailferry.exchange.folder;

import java.util.Locale;

/** Folders with a fixed name in EWS. Only those are here that a backup treats by name. */
public enum WellKnownFolder {
    MSGFOLDERROOT,
    INBOX,
    DRAFTS,
    SENTITEMS,
    DELETEDITEMS,
    OUTBOX,
    JUNKEMAIL,
    CALENDAR,
    CONTACTS,
    TASKS,
    NOTES,
    JOURNAL;

    /** The name as it stands in requests. */
    public String distinguishedName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
