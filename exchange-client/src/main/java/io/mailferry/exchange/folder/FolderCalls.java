package io.mailferry.exchange.folder;

import io.mailferry.exchange.answer.AnswerReader;
import io.mailferry.exchange.answer.ResponseMessage;
import io.mailferry.exchange.connection.EwsConnection;
import io.mailferry.exchange.connection.MailboxAddress;
import io.mailferry.exchange.connection.RepeatedCalls;
import io.mailferry.exchange.connection.SoapRequest;
import io.mailferry.exchange.failure.ExchangeException;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** SyncFolderHierarchy and GetFolder. */
public final class FolderCalls {

    /** Default shapes of some servers leave out parent and class, so each property is asked for. */
    private static final String SHAPE = "<m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
            + "<t:FieldURI FieldURI=\"folder:DisplayName\"/><t:FieldURI FieldURI=\"folder:ParentFolderId\"/>"
            + "<t:FieldURI FieldURI=\"folder:FolderClass\"/><t:FieldURI FieldURI=\"folder:TotalCount\"/>"
            + "</t:AdditionalProperties></m:FolderShape>";

    private static final int ID_CHARACTERS_MAX = 4096;
    private static final int NAME_CHARACTERS_MAX = 4096;
    private static final int FOLDERS_PER_CALL = 100;
    private static final int CHANGES_MAX = 100_000;
    private static final int SYNC_STATE_CHARACTERS_MAX = 16 << 20;

    private final EwsConnection connection;
    private final RepeatedCalls repeated;

    public FolderCalls(EwsConnection connection, RepeatedCalls repeated) {
        this.connection = connection;
        this.repeated = repeated;
    }

    /** What changed among the folders below the top of the mailbox; everything when the state is null. */
    public FolderPage syncHierarchy(@Nullable String syncState) {
        String request =
                "<m:SyncFolderHierarchy>" + SHAPE + "<m:SyncFolderId>" + distinguished(WellKnownFolder.MSGFOLDERROOT)
                        + "</m:SyncFolderId>"
                        + (syncState == null ? "" : "<m:SyncState>" + SoapRequest.escaped(syncState) + "</m:SyncState>")
                        + "</m:SyncFolderHierarchy>";
        return repeated.call(() -> connection.call(request, FolderCalls::readHierarchy));
    }

    /** One folder as it is now. */
    public Folder folder(FolderId id) {
        return one("<t:FolderId Id=\"" + SoapRequest.escaped(id.value()) + "\"/>");
    }

    public Folder folder(WellKnownFolder folder) {
        return one(distinguished(folder));
    }

    /** The ids of the well-known folders that this mailbox has; those it lacks are left out. */
    public Map<WellKnownFolder, FolderId> wellKnown() {
        WellKnownFolder[] wanted = WellKnownFolder.values();
        StringBuilder ids = new StringBuilder();
        for (WellKnownFolder folder : wanted) {
            ids.append(distinguished(folder));
        }
        List<Answered> answers = repeated.call(() -> get(ids.toString()));
        Map<WellKnownFolder, FolderId> found = new TreeMap<>();
        for (int i = 0; i < Math.min(wanted.length, answers.size()); i++) {
            Folder folder = answers.get(i).folder();
            if (folder != null) {
                found.put(wanted[i], folder.id());
            }
        }
        return found;
    }

    /** Several folders as they are now; those that cannot be read are left out. */
    public Map<FolderId, Folder> folders(List<FolderId> wanted) {
        Map<FolderId, Folder> found = new LinkedHashMap<>();
        for (int start = 0; start < wanted.size(); start += FOLDERS_PER_CALL) {
            StringBuilder ids = new StringBuilder();
            for (FolderId id : wanted.subList(start, Math.min(wanted.size(), start + FOLDERS_PER_CALL))) {
                ids.append("<t:FolderId Id=\"")
                        .append(SoapRequest.escaped(id.value()))
                        .append("\"/>");
            }
            for (Answered answered : repeated.call(() -> get(ids.toString()))) {
                ExchangeFailure failure = answered.failure();
                if (failure != null && failure.reach() != FailureReach.FOLDER) {
                    throw new ExchangeException(failure);
                }
                Folder folder = answered.folder();
                if (folder != null) {
                    found.put(folder.id(), folder);
                }
            }
        }
        return found;
    }

    private Folder one(String id) {
        return repeated.call(() -> {
            List<Answered> answers = get(id);
            if (answers.size() != 1) {
                throw incomplete();
            }
            ExchangeFailure failure = answers.getFirst().failure();
            Folder folder = answers.getFirst().folder();
            if (failure != null) {
                throw new ExchangeException(failure);
            }
            if (folder == null) {
                throw incomplete();
            }
            return folder;
        });
    }

    private List<Answered> get(String ids) {
        String request = "<m:GetFolder>" + SHAPE + "<m:FolderIds>" + ids + "</m:FolderIds></m:GetFolder>";
        return connection.call(request, reader -> {
            List<Answered> answers = new ArrayList<>();
            int depth = reader.depth();
            while (reader.nextChild(depth)) {
                int messages = reader.depth();
                while (reader.nextChild(messages)) {
                    answers.add(readOne(reader));
                }
            }
            return answers;
        });
    }

    private static Answered readOne(AnswerReader reader) {
        List<Folder> folders = new ArrayList<>();
        ExchangeFailure failure = ResponseMessage.read(reader, name -> {
            if (name.equals("Folders")) {
                int depth = reader.depth();
                while (reader.nextChild(depth)) {
                    Folder folder = readFolder(reader);
                    if (folder != null) {
                        folders.add(folder);
                    }
                }
            }
        });
        return new Answered(folders.isEmpty() ? null : folders.getFirst(), failure);
    }

    private String distinguished(WellKnownFolder folder) {
        MailboxAddress named = connection.namedMailbox();
        return "<t:DistinguishedFolderId Id=\"" + folder.distinguishedName() + "\">"
                + (named == null
                        ? ""
                        : "<t:Mailbox><t:EmailAddress>" + SoapRequest.escaped(named.value())
                                + "</t:EmailAddress></t:Mailbox>")
                + "</t:DistinguishedFolderId>";
    }

    private static FolderPage readHierarchy(AnswerReader reader) {
        List<FolderChange> changes = new ArrayList<>();
        String[] state = {""};
        boolean[] last = {true};
        int depth = reader.depth();
        while (reader.nextChild(depth)) {
            int messages = reader.depth();
            while (reader.nextChild(messages)) {
                ExchangeFailure failure = ResponseMessage.read(reader, name -> {
                    switch (name) {
                        case "SyncState" -> state[0] = reader.text(SYNC_STATE_CHARACTERS_MAX);
                        case "IncludesLastFolderInRange" -> last[0] = Boolean.parseBoolean(reader.word());
                        case "Changes" -> readChanges(reader, changes);
                        default -> {}
                    }
                });
                if (failure != null) {
                    throw new ExchangeException(failure);
                }
            }
        }
        if (state[0].isEmpty()) {
            throw incomplete();
        }
        return new FolderPage(changes, state[0], last[0]);
    }

    private static void readChanges(AnswerReader reader, List<FolderChange> changes) {
        int depth = reader.depth();
        while (reader.nextChild(depth)) {
            String kind = reader.name();
            int change = reader.depth();
            while (reader.nextChild(change)) {
                if (changes.size() >= CHANGES_MAX) {
                    throw new ExchangeException(FailureCategory.PERMANENT, FailureReach.MAILBOX, "TooManyFolders");
                }
                if (kind.equals("Delete")) {
                    String id = reader.attribute("Id");
                    if (reader.name().equals("FolderId") && id != null && !id.isEmpty()) {
                        changes.add(new FolderChange.Deleted(new FolderId(id)));
                    }
                    continue;
                }
                Folder folder = readFolder(reader);
                if (folder != null) {
                    changes.add(
                            kind.equals("Create")
                                    ? new FolderChange.Created(folder)
                                    : new FolderChange.Updated(folder));
                }
            }
        }
    }

    /** Reads a Folder, CalendarFolder, SearchFolder and so on alike; null when it bears no id. */
    private static @Nullable Folder readFolder(AnswerReader reader) {
        int depth = reader.depth();
        String id = null;
        String changeKey = null;
        String parent = null;
        String name = "";
        String folderClass = null;
        long total = -1;
        while (reader.nextChild(depth)) {
            switch (reader.name()) {
                case "FolderId" -> {
                    id = reader.attribute("Id");
                    changeKey = reader.attribute("ChangeKey");
                }
                case "ParentFolderId" -> parent = reader.attribute("Id");
                case "DisplayName" -> name = reader.text(NAME_CHARACTERS_MAX);
                case "FolderClass" -> folderClass = reader.word();
                case "TotalCount" -> {
                    String count = reader.word();
                    total = count.matches("[0-9]{1,15}") ? Long.parseLong(count) : -1;
                }
                default -> {}
            }
        }
        if (id == null || id.isEmpty() || id.length() > ID_CHARACTERS_MAX) {
            return null;
        }
        return new Folder(
                new FolderId(id),
                changeKey == null ? "" : changeKey,
                parent == null || parent.isEmpty() ? null : new FolderId(parent),
                name,
                folderClass,
                total);
    }

    private static ExchangeException incomplete() {
        return new ExchangeException(FailureCategory.TRANSIENT, FailureReach.FOLDER, "IncompleteAnswer");
    }

    private record Answered(
            @Nullable Folder folder, @Nullable ExchangeFailure failure) {}
}
