package io.mailferry.simulator.ews;

import static io.mailferry.simulator.ews.SimulatedExchange.all;
import static io.mailferry.simulator.ews.SimulatedExchange.idsOf;
import static io.mailferry.simulator.ews.SimulatedExchange.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class SyncIT {
    private @Nullable SimulatedExchange exchange;

    private SimulatedExchange start(int items) throws Exception {
        exchange = SimulatedExchange.start(items);
        return exchange;
    }

    @AfterEach
    void stop() throws Exception {
        if (exchange != null) {
            exchange.close();
        }
    }

    /** What a client would hold: by folder id its items and its sync state. */
    private static final class Replica {
        final SimulatedExchange exchange;
        final Map<String, String> states = new HashMap<>();
        final Map<String, String> folderOfItem = new HashMap<>();
        final Set<String> readFlagsTold = new HashSet<>();
        final Set<String> updated = new HashSet<>();

        Replica(SimulatedExchange exchange) {
            this.exchange = exchange;
        }

        void sync() throws Exception {
            readFlagsTold.clear();
            updated.clear();
            for (String folder : exchange.folderIds().values()) {
                boolean last = false;
                while (!last) {
                    Document page = exchange.sync(folder, states.get(folder), 512);
                    assertThat(text(page, "ResponseCode")).isEqualTo("NoError");
                    idsOf(page, "Create").forEach(id -> folderOfItem.put(id, folder));
                    idsOf(page, "Delete").forEach(id -> folderOfItem.remove(id, folder));
                    readFlagsTold.addAll(idsOf(page, "ReadFlagChange"));
                    updated.addAll(idsOf(page, "Update"));
                    states.put(folder, text(page, "SyncState"));
                    last = text(page, "IncludesLastItemInRange").equals("true");
                }
            }
        }

        void equalsTruth() throws Exception {
            Map<String, String> truth = exchange.truth().stream()
                    .collect(Collectors.toMap(
                            line -> line.get("itemId").asText(),
                            line -> line.get("folderId").asText()));
            assertThat(folderOfItem).isEqualTo(truth);
        }
    }

    @Test
    void answersAtMost512ChangesAndSaysWhetherMoreFollow() throws Exception {
        SimulatedExchange server = start(1800);
        String inbox = server.folderIds().get("Inbox");
        int total = Integer.parseInt(text(server.call(folderCount(inbox)), "TotalCount"));
        List<Integer> pages = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String state = null;
        boolean last = false;
        while (!last) {
            Document page = server.sync(inbox, state, 512);
            List<String> ids = idsOf(page, "Create");
            pages.add(ids.size());
            assertThat(seen).doesNotContainAnyElementsOf(ids);
            seen.addAll(ids);
            state = text(page, "SyncState");
            last = text(page, "IncludesLastItemInRange").equals("true");
        }
        assertThat(pages).hasSize(2).first().isEqualTo(512);
        assertThat(seen).hasSize(total).hasSizeGreaterThan(600);
        assertThat(idsOf(server.sync(inbox, state, 512), "Create")).isEmpty();
    }

    private static String folderCount(String folderId) {
        return "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
                + "<t:FieldURI FieldURI=\"folder:TotalCount\"/></t:AdditionalProperties></m:FolderShape>"
                + "<m:FolderIds><t:FolderId Id=\"" + folderId + "\"/></m:FolderIds></m:GetFolder>";
    }

    @Test
    void refusesMoreThan512ChangesACall() throws Exception {
        SimulatedExchange server = start(10);
        Document answer = server.sync(server.folderIds().get("Inbox"), null, 513);
        assertThat(text(answer, "ResponseCode")).isEqualTo("ErrorInvalidRequest");
    }

    @Test
    void tellsCreationsDeletionsMovesUpdatesAndReadFlags() throws Exception {
        SimulatedExchange server = start(300);
        Replica replica = new Replica(server);
        replica.sync();
        replica.equalsTruth();
        Set<String> before = Set.copyOf(replica.folderOfItem.keySet());
        JsonNode applied = server.change("""
                {"seed": 1, "create": 20, "delete": 15, "move": 10, "update": 7, "markRead": 9}""");
        assertThat(applied.get("created").asInt()).isEqualTo(20);
        assertThat(applied.get("deleted").asInt()).isEqualTo(15);
        assertThat(applied.get("moved").asInt()).isPositive();
        replica.sync();
        replica.equalsTruth();
        assertThat(replica.folderOfItem).hasSize(before.size() + 5);
        Set<String> fresh = new HashSet<>(replica.folderOfItem.keySet());
        fresh.removeAll(before);
        // Moved items have new ids; a few of the new ones may have been deleted or moved again in the same breath.
        assertThat(fresh.size()).isBetween(21, 30);
        assertThat(replica.updated).isNotEmpty();
        assertThat(replica.readFlagsTold).isNotEmpty();
    }

    @Test
    void manyRoundsOfChangesLeaveNothingBehind() throws Exception {
        SimulatedExchange server = start(200);
        Replica replica = new Replica(server);
        for (int round = 0; round < 12; round++) {
            replica.sync();
            replica.equalsTruth();
            server.change("""
                    {"seed": %d, "create": 30, "delete": 25, "move": 60, "update": 20, "markRead": 20}""".formatted(round));
        }
        replica.sync();
        replica.equalsTruth();
    }

    @Test
    void changesDuringTheEnumerationAreToldAfterIt() throws Exception {
        SimulatedExchange server = start(600);
        Replica replica = new Replica(server);
        String inbox = server.folderIds().get("Inbox");
        Document first = server.sync(inbox, null, 50);
        idsOf(first, "Create").forEach(id -> replica.folderOfItem.put(id, inbox));
        replica.states.put(inbox, text(first, "SyncState"));
        server.change("{\"seed\": 3, \"create\": 40, \"delete\": 100, \"move\": 80}");
        replica.sync();
        replica.equalsTruth();
    }

    @Test
    void anUpdateChangesTheChangeKeyAndTheContentButNotTheId() throws Exception {
        SimulatedExchange server = start(60);
        Map<String, JsonNode> before = byId(server.truth());
        server.change("{\"seed\": 5, \"update\": 5}");
        Map<String, JsonNode> after = byId(server.truth());
        assertThat(after.keySet()).isEqualTo(before.keySet());
        List<String> changed = after.keySet().stream()
                .filter(id ->
                        !after.get(id).get("changeKey").equals(before.get(id).get("changeKey")))
                .toList();
        assertThat(changed).hasSizeBetween(1, 5);
        assertThat(changed)
                .allSatisfy(id -> assertThat(after.get(id).get("mimeSha256"))
                        .isNotEqualTo(before.get(id).get("mimeSha256")));
    }

    private static Map<String, JsonNode> byId(List<JsonNode> truth) {
        return truth.stream()
                .collect(Collectors.toMap(line -> line.get("itemId").asText(), line -> line));
    }

    @Test
    void refusesASyncStateThatIsNotItsOwn() throws Exception {
        SimulatedExchange server = start(30);
        Map<String, String> folders = server.folderIds();
        String inboxState = text(server.sync(folders.get("Inbox"), null, 512), "SyncState");
        for (String wrong : List.of("bm9uc2Vuc2U=", "!", inboxState.toLowerCase(java.util.Locale.ROOT))) {
            assertThat(text(server.sync(folders.get("Inbox"), wrong, 512), "ResponseCode"))
                    .isEqualTo("ErrorInvalidSyncStateData");
        }
        assertThat(text(server.sync(folders.get("Sent Items"), inboxState, 512), "ResponseCode"))
                .isEqualTo("ErrorInvalidSyncStateData");
    }

    @Test
    void hierarchyTellsNewAndRenamedFoldersAndKeepsTheirIds() throws Exception {
        SimulatedExchange server = start(30);
        Document first = hierarchy(server, "msgfolderroot", null);
        server.change("{\"seed\": 2, \"createFolders\": 2, \"renameFolders\": 1}");
        Document second = hierarchy(server, "msgfolderroot", text(first, "SyncState"));
        assertThat(all(second, "Create")).hasSize(2);
        assertThat(all(second, "Update")).hasSize(1);
        Set<String> known =
                all(first, "FolderId").stream().map(id -> id.getAttribute("Id")).collect(Collectors.toSet());
        Element renamed = (Element) all(second, "Update")
                .getFirst()
                .getElementsByTagNameNS("*", "FolderId")
                .item(0);
        assertThat(known).contains(renamed.getAttribute("Id"));
        assertThat(text(hierarchy(server, "root", text(first, "SyncState")), "ResponseCode"))
                .isEqualTo("ErrorInvalidSyncStateData");
    }

    @Test
    void aDeletedFolderIsToldAndItsItemsAreGone() throws Exception {
        SimulatedExchange server = start(200);
        Document first = hierarchy(server, "msgfolderroot", null);
        assertThat(server.change("{\"seed\": 2, \"deleteFolders\": 2}")
                        .get("foldersDeleted")
                        .asInt())
                .isEqualTo(2);
        Document second = hierarchy(server, "msgfolderroot", text(first, "SyncState"));
        assertThat(all(second, "Delete")).hasSize(2);
        Set<String> gone = all(second, "FolderId").stream()
                .map(id -> id.getAttribute("Id"))
                .collect(Collectors.toSet());
        assertThat(server.truth())
                .hasSizeLessThan(200)
                .noneMatch(line -> gone.contains(line.get("folderId").asText()));
        assertThat(text(server.sync(gone.iterator().next(), null, 512), "ResponseCode"))
                .isEqualTo("ErrorSyncFolderNotFound");
        Replica replica = new Replica(server);
        replica.sync();
        replica.equalsTruth();
    }

    private static Document hierarchy(SimulatedExchange server, String top, @Nullable String state) throws Exception {
        return server.call(
                "<m:SyncFolderHierarchy><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape>"
                        + "<m:SyncFolderId><t:DistinguishedFolderId Id=\"" + top + "\"/></m:SyncFolderId>"
                        + (state == null ? "" : "<m:SyncState>" + state + "</m:SyncState>")
                        + "</m:SyncFolderHierarchy>");
    }

    @Test
    void archiveAndRecoverableItemsAreNotThere() throws Exception {
        SimulatedExchange server = start(5);
        for (String absent : List.of("archivemsgfolderroot", "recoverableitemsroot", "recoverableitemsdeletions")) {
            Document answer =
                    server.call("<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
                            + "<m:FolderIds><t:DistinguishedFolderId Id=\"" + absent
                            + "\"/></m:FolderIds></m:GetFolder>");
            assertThat(text(answer, "ResponseCode")).isEqualTo("ErrorFolderNotFound");
        }
    }

    @Test
    void findItemPagesThroughAFolder() throws Exception {
        SimulatedExchange server = start(400);
        String inbox = server.folderIds().get("Inbox");
        Set<String> found = new HashSet<>();
        boolean last = false;
        int offset = 0;
        while (!last) {
            Document page = server.call(
                    "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
                            + "<m:IndexedPageItemView MaxEntriesReturned=\"60\" Offset=\"" + offset
                            + "\" BasePoint=\"Beginning\"/><m:ParentFolderIds><t:FolderId Id=\"" + inbox
                            + "\"/></m:ParentFolderIds></m:FindItem>");
            all(page, "ItemId").forEach(id -> found.add(id.getAttribute("Id")));
            Element root = all(page, "RootFolder").getFirst();
            offset = Integer.parseInt(root.getAttribute("IndexedPagingOffset"));
            last = root.getAttribute("IncludesLastItemInRange").equals("true");
        }
        assertThat(found).isEqualTo(new HashSet<>(idsOf(server.sync(inbox, null, 512), "Create")));
    }
}
