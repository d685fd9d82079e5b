package io.mailferry.exchange;

import static io.mailferry.exchange.StubExchange.answer;
import static io.mailferry.exchange.StubExchange.busy;
import static io.mailferry.exchange.StubExchange.content;
import static io.mailferry.exchange.StubExchange.error;
import static io.mailferry.exchange.StubExchange.fault;
import static io.mailferry.exchange.StubExchange.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.exchange.answer.ServerVersion;
import io.mailferry.exchange.connection.Credentials;
import io.mailferry.exchange.connection.EwsEndpoint;
import io.mailferry.exchange.connection.MailboxAddress;
import io.mailferry.exchange.connection.Pacing;
import io.mailferry.exchange.connection.RetryLimits;
import io.mailferry.exchange.connection.Trust;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import io.mailferry.exchange.folder.Folder;
import io.mailferry.exchange.folder.FolderChange;
import io.mailferry.exchange.folder.FolderId;
import io.mailferry.exchange.folder.FolderPage;
import io.mailferry.exchange.folder.WellKnownFolder;
import io.mailferry.exchange.item.HeaderSink;
import io.mailferry.exchange.item.ItemChange;
import io.mailferry.exchange.item.ItemHeader;
import io.mailferry.exchange.item.ItemId;
import io.mailferry.exchange.item.ItemPage;
import io.mailferry.exchange.item.MapiProperty;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ExchangeSessionIT {

    private static final FolderId INBOX = new FolderId("inbox-id");

    private StubExchange exchange;
    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> throttlings = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        exchange = new StubExchange(null);
    }

    @AfterEach
    void stop() {
        exchange.close();
    }

    @Test
    void readsTheFolderTreeAndTheServersBuild() {
        exchange.then(200, answer("SyncFolderHierarchy", success("SyncFolderHierarchy", """
                <m:SyncState>state-1</m:SyncState><m:IncludesLastFolderInRange>true</m:IncludesLastFolderInRange>
                <m:Changes><t:Create><t:CalendarFolder><t:FolderId Id="c" ChangeKey="k"/><t:ParentFolderId Id="root"/>
                <t:FolderClass>IPF.Appointment</t:FolderClass><t:DisplayName>Caf&#xE9; &amp; more</t:DisplayName>
                <t:TotalCount>7</t:TotalCount></t:CalendarFolder></t:Create>
                <t:Update><t:Folder><t:FolderId Id="u"/></t:Folder></t:Update>
                <t:Delete><t:FolderId Id="d"/></t:Delete></m:Changes>""")));

        try (ExchangeSession session = session(false)) {
            FolderPage page = got(session.syncFolderHierarchy(null));

            assertThat(page.syncState()).isEqualTo("state-1");
            assertThat(page.last()).isTrue();
            assertThat(page.changes())
                    .containsExactly(
                            new FolderChange.Created(new Folder(
                                    new FolderId("c"), "k", new FolderId("root"), "Café & more", "IPF.Appointment", 7)),
                            new FolderChange.Updated(new Folder(new FolderId("u"), "", null, "", null, -1)),
                            new FolderChange.Deleted(new FolderId("d")));
            assertThat(session.serverVersion()).contains(new ServerVersion(15, 0, 1497, 2));
        }
        assertThat(exchange.requests.getFirst())
                .contains(
                        "DistinguishedFolderId Id=\"msgfolderroot\"><t:Mailbox><t:EmailAddress>ann&amp;co@example.org")
                .doesNotContain("ExchangeImpersonation");
    }

    @Test
    void actsAsTheOwnerWhenItImpersonates() {
        exchange.then(
                200, answer("SyncFolderHierarchy", success("SyncFolderHierarchy", "<m:SyncState>s</m:SyncState>")));

        try (ExchangeSession session = session(true)) {
            got(session.syncFolderHierarchy("before"));
        }
        assertThat(exchange.requests.getFirst())
                .contains("<t:ExchangeImpersonation><t:ConnectingSID><t:SmtpAddress>ann&amp;co@example.org")
                .contains("<m:SyncState>before</m:SyncState>")
                .doesNotContain("EmailAddress>");
        assertThat(exchange.anchors).containsExactly("ann&co@example.org");
        assertThat(new String(
                        Base64.getDecoder()
                                .decode(exchange.authorizations.getFirst().substring(6)),
                        StandardCharsets.UTF_8))
                .isEqualTo("DOMAIN\\backup:secret");
    }

    @Test
    void readsEachKindOfItemChange() {
        exchange.then(200, answer("SyncFolderItems", success("SyncFolderItems", """
                <m:SyncState>next</m:SyncState><m:IncludesLastItemInRange>false</m:IncludesLastItemInRange><m:Changes>
                <t:Create><t:Message><t:ItemId Id="A" ChangeKey="1"/><t:Size>99</t:Size></t:Message></t:Create>
                <t:Update><t:Contact><t:ItemId Id="a" ChangeKey="2"/></t:Contact></t:Update>
                <t:ReadFlagChange><t:ItemId Id="B" ChangeKey="3"/><t:IsRead>true</t:IsRead></t:ReadFlagChange>
                <t:Delete><t:ItemId Id="C" ChangeKey="4"/></t:Delete></m:Changes>""")));

        try (ExchangeSession session = session(false)) {
            ItemPage page = got(session.syncFolderItems(INBOX, null, 5000));

            assertThat(page.last()).isFalse();
            assertThat(page.changes())
                    .containsExactly(
                            new ItemChange.Created(new ItemId("A", "1"), 99),
                            new ItemChange.Updated(new ItemId("a", "2"), -1),
                            new ItemChange.ReadFlagChanged(new ItemId("B", "3"), true),
                            new ItemChange.Deleted(new ItemId("C", "4")));
        }
        assertThat(exchange.requests.getFirst()).contains("<m:MaxChangesReturned>512<");
    }

    @Test
    void findsTheWellKnownFoldersThatAreThere() {
        String[] messages = new String[WellKnownFolder.values().length];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = i % 2 == 0
                    ? success(
                            "GetFolder", "<m:Folders><t:Folder><t:FolderId Id=\"f" + i + "\"/></t:Folder></m:Folders>")
                    : error("GetFolder", "ErrorFolderNotFound");
        }
        exchange.then(200, answer("GetFolder", messages));

        try (ExchangeSession session = session(false)) {
            assertThat(got(session.wellKnownFolders()))
                    .hasSize(messages.length / 2)
                    .containsEntry(WellKnownFolder.MSGFOLDERROOT, new FolderId("f0"))
                    .doesNotContainKey(WellKnownFolder.INBOX);
        }
    }

    @Test
    void waitsAsLongAsABusyServerSaysInsideASuccessfulAnswer() {
        exchange.then(200, answer("SyncFolderItems", busy("SyncFolderItems", 97_000)))
                .then(200, answer("SyncFolderItems", success("SyncFolderItems", "<m:SyncState>s</m:SyncState>")));

        try (ExchangeSession session = session(false)) {
            assertThat(got(session.syncFolderItems(INBOX, null, 10)).syncState())
                    .isEqualTo("s");
        }
        assertThat(pauses).containsExactly(Duration.ofSeconds(97));
        assertThat(throttlings).containsExactly("ErrorServerBusy");
    }

    @Test
    void waitsAsLongAsAFaultSays() {
        exchange.then(500, fault("ErrorServerBusy", 4_500))
                .then(200, answer("SyncFolderItems", success("SyncFolderItems", "<m:SyncState>s</m:SyncState>")));

        try (ExchangeSession session = session(false)) {
            got(session.syncFolderItems(INBOX, null, 10));
        }
        assertThat(pauses).containsExactly(Duration.ofMillis(4_500));
    }

    @Test
    void readsAFaultOfHttp200WithABareCode() {
        String bare = StubExchange.soap("<s:Fault><faultcode>ErrorImpersonateUserDenied</faultcode></s:Fault>");
        exchange.then(200, bare);

        try (ExchangeSession session = session(true)) {
            assertThat(failed(session.syncFolderHierarchy(null)))
                    .isEqualTo(ExchangeFailure.of(
                            FailureCategory.PERMANENT, FailureReach.MAILBOX, "ErrorImpersonateUserDenied"));
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void waitsAsLongAsRetryAfterSays() {
        exchange.then(e -> {
                    e.getResponseHeaders().set("Retry-After", "12");
                    StubExchange.send(e, 503, new byte[0]);
                })
                .then(200, answer("SyncFolderItems", success("SyncFolderItems", "<m:SyncState>s</m:SyncState>")));

        try (ExchangeSession session = session(false)) {
            got(session.syncFolderItems(INBOX, null, 10));
        }
        assertThat(pauses).containsExactly(Duration.ofSeconds(12));
        assertThat(throttlings).containsExactly("HttpStatus503");
    }

    @Test
    void handsALongBackOffToTheCallerInsteadOfHoldingItsWorker() {
        exchange.then(500, fault("ErrorServerBusy", Duration.ofMinutes(30).toMillis()));

        try (ExchangeSession session = session(false)) {
            ExchangeFailure failure = failed(session.syncFolderItems(INBOX, null, 10));

            assertThat(failure.category()).isEqualTo(FailureCategory.THROTTLED);
            assertThat(failure.backOff()).isEqualTo(Duration.ofMinutes(30));
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void givesUpAfterItsLastAttempt() {
        for (int i = 0; i < 4; i++) {
            exchange.then(500, "<html>Runtime Error</html>");
        }
        try (ExchangeSession session = session(false)) {
            assertThat(failed(session.folder(INBOX)).code()).isEqualTo("HttpStatus500");
        }
        assertThat(exchange.requests).hasSize(4);
        assertThat(pauses).hasSize(3);
    }

    @Test
    void repeatsAReadWhoseConnectionWasCut() {
        exchange.thenCutOff("<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"x\"><s:Body><m:SyncFolder")
                .then(200, answer("SyncFolderItems", success("SyncFolderItems", "<m:SyncState>s</m:SyncState>")));

        try (ExchangeSession session = session(false)) {
            got(session.syncFolderItems(INBOX, null, 10));
        }
        assertThat(pauses).hasSize(1);
    }

    @Test
    void takesAPageOfHtmlForAServersTrouble() {
        exchange.then(200, "<html><body><p>Sign in<br></body></html>")
                .then(200, answer("SyncFolderItems", success("SyncFolderItems", "<m:SyncState>s</m:SyncState>")));

        try (ExchangeSession session = session(false)) {
            got(session.syncFolderItems(INBOX, null, 10));
        }
    }

    @Test
    void keepsACodeThatNobodyKnowsAndNoTextOfTheServer() {
        for (int i = 0; i < 4; i++) {
            exchange.then(200, answer("GetFolder", error("GetFolder", "ErrorOfTomorrow")));
        }
        try (ExchangeSession session = session(false)) {
            ExchangeFailure failure = failed(session.folder(INBOX));

            assertThat(failure.code()).isEqualTo("ErrorOfTomorrow");
            assertThat(failure.toString()).doesNotContain("Ann");
        }
    }

    @Test
    void refusesARedirectToAnotherHostAndSendsItNothing() throws IOException {
        try (StubExchange other = new StubExchange(null)) {
            exchange.then(e -> {
                e.getResponseHeaders().set("Location", other.url().toString());
                e.sendResponseHeaders(302, -1);
                e.close();
            });
            try (ExchangeSession session = session(false)) {
                assertThat(failed(session.folder(INBOX)).code()).isEqualTo("RedirectLeavesHost");
            }
            assertThat(other.requests).isEmpty();
        }
    }

    @Test
    void stopsAtOnceWhenTheAccountIsRefused() {
        exchange.then(e -> {
            e.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"stub\"");
            e.sendResponseHeaders(401, -1);
            e.close();
        });
        try (ExchangeSession session = session(false)) {
            ExchangeFailure failure = failed(session.folder(INBOX));

            assertThat(failure.category()).isEqualTo(FailureCategory.PERMANENT);
            assertThat(failure.code()).isEqualTo("HttpStatus401");
        }
        assertThat(exchange.requests).hasSize(1);
    }

    @Test
    void readsHeadersWithTheirPropertiesAndTheItemThatIsGone() {
        exchange.then(200, answer("GetItem", success("GetItem", """
                        <m:Items><t:Message><t:ItemId Id="1" ChangeKey="k"/><t:ParentFolderId Id="inbox-id"/>
                        <t:ItemClass>IPM.Note</t:ItemClass><t:Subject>Hello&#x1A; you</t:Subject>
                        <t:DateTimeReceived>2021-03-31T10:00:00Z</t:DateTimeReceived><t:Size>1234</t:Size>
                        <t:Categories><t:String>Red</t:String></t:Categories>
                        <t:ToRecipients><t:Mailbox><t:Name>Bob</t:Name><t:EmailAddress>bob@example.org</t:EmailAddress>
                        </t:Mailbox></t:ToRecipients><t:IsRead>true</t:IsRead>
                        <t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="0xe07" PropertyType="Integer"/>
                        <t:Value>1</t:Value></t:ExtendedProperty></t:Message></m:Items>"""), error("GetItem", "ErrorItemNotFound")));
        List<ItemHeader> headers = new ArrayList<>();
        Map<String, ExchangeFailure> failures = new HashMap<>();

        try (ExchangeSession session = session(false)) {
            assertThat(session.readHeaders(ids("1", "2"), new HeaderSink() {
                        @Override
                        public void header(ItemHeader header) {
                            headers.add(header);
                        }

                        @Override
                        public void failed(ItemId id, ExchangeFailure failure) {
                            failures.put(id.value(), failure);
                        }
                    }))
                    .isEmpty();
        }
        ItemHeader header = headers.getFirst();
        assertThat(header.subject()).isEqualTo("Hello\uFFFD you");
        assertThat(header.to()).containsExactly("Bob <bob@example.org>");
        assertThat(header.categories()).containsExactly("Red");
        assertThat(header.receivedAt()).isEqualTo(Instant.parse("2021-03-31T10:00:00Z"));
        assertThat(header.size()).isEqualTo(1234);
        assertThat(header.read()).isTrue();
        assertThat(header.properties()).containsEntry(MapiProperty.MESSAGE_FLAGS, "1");
        assertThat(header.toString()).doesNotContain("Hello").doesNotContain("bob");
        assertThat(failures.get("2").gone()).isTrue();
        assertThat(exchange.requests.getFirst()).contains("PropertyTag=\"0x0E07\" PropertyType=\"Integer\"");
    }

    @Test
    void takesTheReadStateOfAnItemThatIsNoMessageFromItsFlags() {
        exchange.then(200, answer("GetItem", success("GetItem", """
                        <m:Items><t:Contact><t:ItemId Id="1" ChangeKey="k"/><t:ItemClass>IPM.Contact</t:ItemClass>
                        <t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="0xe07" PropertyType="Integer"/>
                        <t:Value>33</t:Value></t:ExtendedProperty></t:Contact></m:Items>""")));
        List<ItemHeader> headers = new ArrayList<>();

        try (ExchangeSession session = session(false)) {
            session.readHeaders(ids("1"), new HeaderSink() {
                @Override
                public void header(ItemHeader header) {
                    headers.add(header);
                }

                @Override
                public void failed(ItemId id, ExchangeFailure failure) {
                    throw new AssertionError(failure.code());
                }
            });
        }

        assertThat(headers).extracting(ItemHeader::read).containsExactly(true);
    }

    @Test
    void losesOneItemToBrokenBase64AndKeepsTheOthers() {
        exchange.then(
                        200,
                        answer(
                                "GetItem",
                                content("1", base64("one")),
                                content("2", "AAA*"),
                                content("3", base64("three"))))
                .then(200, answer("GetItem", content("2", "AAA*")))
                .then(200, answer("GetItem", content("3", base64("three"))));

        RecordedContents contents = read("1", "2", "3");

        assertThat(contents.ended).containsOnly(Map.entry("1", "one"), Map.entry("3", "three"));
        assertThat(contents.failed.get("2"))
                .isEqualTo(ExchangeFailure.of(FailureCategory.POISON, FailureReach.ITEM, "BrokenBase64"));
        assertThat(contents.abandoned).containsExactly("2", "2");
    }

    @Test
    void losesOneItemToControlCharactersInItsContent() {
        exchange.then(200, answer("GetItem", content("1", "&#x1A;AAA"), content("2", base64("two"))))
                .then(200, answer("GetItem", content("1", "&#x0;AAA")))
                .then(200, answer("GetItem", content("2", base64("two"))));

        RecordedContents contents = read("1", "2");

        assertThat(contents.ended).containsOnly(Map.entry("2", "two"));
        assertThat(contents.failed).containsOnlyKeys("1");
    }

    @Test
    void readsAnItemAgainWhoseAnswerWasCutInTheMiddle() {
        String whole = answer("GetItem", content("1", base64("one")), content("2", base64("two".repeat(100))));
        exchange.thenCutOff(whole.substring(0, whole.lastIndexOf("</t:MimeContent>") - 40))
                .then(200, answer("GetItem", content("2", base64("two".repeat(100)))));

        RecordedContents contents = read("1", "2");

        assertThat(contents.ended).containsOnly(Map.entry("1", "one"), Map.entry("2", "two".repeat(100)));
        assertThat(contents.failed).isEmpty();
        assertThat(contents.abandoned).containsExactly("2");
    }

    @Test
    void losesOneItemWhoseAnswerIsAlwaysCut() {
        String whole = answer("GetItem", content("1", base64("one")), content("2", base64("two")));
        String start = whole.substring(0, whole.lastIndexOf("</t:MimeContent>"));
        exchange.thenCutOff(start);
        String alone = answer("GetItem", content("2", base64("two")));
        for (int i = 0; i < 4; i++) {
            exchange.thenCutOff(alone.substring(0, alone.lastIndexOf("</t:MimeContent>")));
        }

        RecordedContents contents = read("1", "2");

        assertThat(contents.ended).containsOnlyKeys("1");
        assertThat(contents.failed.get("2").category()).isEqualTo(FailureCategory.POISON);
        assertThat(contents.failed.get("2").code()).isEqualTo("ConnectionReset");
    }

    @Test
    void repeatsOnlyTheItemsOfABatchThatTheServerWasTooBusyFor() {
        exchange.then(
                        200,
                        answer("GetItem", content("1", base64("one")), busy("GetItem", 5_000), busy("GetItem", 5_000)))
                .then(200, answer("GetItem", content("2", base64("two")), content("3", base64("three"))));

        RecordedContents contents = read("1", "2", "3");

        assertThat(contents.ended).containsOnlyKeys("1", "2", "3");
        assertThat(pauses).containsExactly(Duration.ofSeconds(5));
    }

    @Test
    void neverBlamesItemsForAServerThatIsAway() {
        for (int i = 0; i < 4; i++) {
            exchange.then(500, "");
        }
        RecordedContents contents = new RecordedContents();

        try (ExchangeSession session = session(false)) {
            assertThat(session.readContents(ids("1", "2"), contents))
                    .hasValueSatisfying(
                            failure -> assertThat(failure.category()).isEqualTo(FailureCategory.TRANSIENT));
        }
        assertThat(contents.failed).isEmpty();
        assertThat(exchange.requests).hasSize(4);
    }

    @Test
    void refusesAnAnswerWhoseItemsAreInTheWrongOrder() {
        exchange.then(200, answer("GetItem", content("2", base64("two")), content("1", base64("one"))))
                .then(200, answer("GetItem", content("1", base64("one"))))
                .then(200, answer("GetItem", content("2", base64("two"))));
        RecordedContents contents = new RecordedContents();

        try (ExchangeSession session = session(false)) {
            assertThat(session.readContents(ids("1", "2"), contents)).isEmpty();
        }
        // Asked for one by one, each answer can be told apart.
        assertThat(contents.ended.keySet()).isSubsetOf("1", "2");
        contents.ended.forEach((id, text) -> assertThat(text).isEqualTo(id.equals("1") ? "one" : "two"));
    }

    @Test
    void refusesPlainHttpUnlessItIsAllowed() {
        assertThatThrownBy(() -> new EwsEndpoint(exchange.url(), new Trust.System(), false, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EwsEndpoint(URI.create("ftp://x/"), new Trust.System(), false, true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private RecordedContents read(String... ids) {
        RecordedContents contents = new RecordedContents();
        try (ExchangeSession session = session(false)) {
            assertThat(session.readContents(ids(ids), contents)).isEmpty();
        }
        return contents;
    }

    private static List<ItemId> ids(String... ids) {
        return List.of(ids).stream().map(id -> new ItemId(id, "k")).toList();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private ExchangeSession session(boolean impersonate) {
        Pacing pacing = new Pacing() {
            @Override
            public void answered() {}

            @Override
            public void throttled(ExchangeFailure failure) {
                throttlings.add(failure.code());
            }
        };
        return ExchangeSession.open(
                new EwsEndpoint(exchange.url(), new Trust.System(), impersonate, true),
                new Credentials("DOMAIN\\backup", "secret"),
                new MailboxAddress("ann&co@example.org"),
                new ExchangeSession.Settings(
                        TestingSettings.CONNECTION,
                        new RetryLimits(4, Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofMinutes(5)),
                        pacing,
                        pauses::add,
                        Clock.systemUTC(),
                        new Random(1)));
    }

    private static <T> T got(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Got.class);
        return ((Outcome.Got<T>) outcome).value();
    }

    private static ExchangeFailure failed(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed<?>) outcome).failure();
    }
}
