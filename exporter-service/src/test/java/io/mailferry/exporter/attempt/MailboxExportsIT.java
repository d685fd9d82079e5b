package io.mailferry.exporter.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.exchange.Trust;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.Outcome.ExportFinished;
import io.mailferry.exporter.credential.TestingCredentials;
import io.mailferry.exporter.transfer.TestingTransfer;
import io.mailferry.exporter.transfer.TransferSettings;
import io.mailferry.stack.FleetSimulator;
import io.mailferry.stack.KafkaBroker;
import io.mailferry.stack.S3Server;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mailboxes of the simulator, exported through a real Kafka into a real bucket. Goal: what the log names is what the
 * mailbox holds, each item once, whatever breaks off in between. Progress events never come, so the log alone confirms.
 */
@Timeout(180)
final class MailboxExportsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TenantId TENANT = TenantId.random();

    private static KafkaBroker kafka;
    private static S3Server s3;
    private static FleetSimulator simulator;
    private static ObjectStore store;
    private static TestingUploader uploader;
    private static TestingTransfer transfer;
    private static TenantKeys keys;
    private static Path credentials;
    private static JsonNode server;
    private static String certificate;
    private static MailboxExports exports;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        kafka = KafkaBroker.start(directory.resolve("kafka"));
        s3 = S3Server.start(directory.resolve("s3"));
        Path fleet = Path.of(
                MailboxExportsIT.class.getResource("/exporter-fleet.json").toURI());
        simulator = FleetSimulator.start(directory.resolve("simulator"), Optional.of(fleet), Optional.empty());
        JsonNode report = get("/fleet");
        server = report.path("servers").get(0);
        certificate = report.path("certificateSha256").asText();
        keys = TenantKeys.open(directory.resolve("keys"), true);
        credentials = directory.resolve("credentials");
        account("right", server.path("serviceUser").asText(), "right-password");
        account("wrong", server.path("serviceUser").asText(), "wrong-password");
        store = new ObjectStore(
                StoreSettings.of(URI.create(s3.endpoint()), s3.bucket(), s3.accessKey(), s3.secretKey(), s3.region()));
        uploader = new TestingUploader(kafka.bootstrap(), store);
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(AttemptSettings.class, "mailferry.attempt")
                .withMapping(TransferSettings.class, "mailferry.transfer")
                .withDefaultValue("mailferry.transfer.bootstrap", kafka.bootstrap())
                .withDefaultValue("mailferry.attempt.log-poll", "PT0.05S")
                .withDefaultValue("mailferry.attempt.page-bytes-max", "60000")
                .withDefaultValue("mailferry.attempt.contents-per-request", "3")
                .withDefaultValue("mailferry.transfer.window-bytes-per-mailbox", "150000")
                .withDefaultValue("mailferry.attempt.exchange.pause-min", "PT0.01S")
                .build();
        transfer = new TestingTransfer(config.getConfigMapping(TransferSettings.class, "mailferry.transfer"));
        exports = new MailboxExports(
                store,
                keys,
                TestingCredentials.in(credentials),
                transfer.window(),
                config.getConfigMapping(AttemptSettings.class, "mailferry.attempt"),
                Clock.systemUTC(),
                new Random(5));
    }

    @AfterAll
    static void stop() throws Exception {
        transfer.close();
        uploader.close();
        store.close();
        simulator.close();
        s3.close();
        kafka.close();
    }

    @Test
    void exportsAMailboxInFullAndThenOnlyWhatChanged() throws Exception {
        ExportedMailbox mailbox = mailbox("whole@exporter.example", "right");
        ExportTurn turn = new ExportTurn(0, false);

        ExportFinished first = finished(exports.run(mailbox, turn));

        assertThat(first.items()).isEqualTo(truth("whole@exporter.example"));
        assertThat(first.skipped()).isEmpty();
        assertThat(turn.items()).isEqualTo(first.items());
        assertThat(turn.expectedItems()).isEqualTo(first.items());
        assertThat(turn.build()).isEqualTo(new ExchangeBuild(15, 0, 1497, 2));
        assertThat(turn.hasStored()).isTrue();
        int pages = pages(mailbox).size();

        ExportFinished unchanged = finished(exports.run(mailbox, new ExportTurn(0, false)));

        assertThat(unchanged.items()).isEqualTo(first.items());
        assertThat(pages(mailbox)).hasSize(pages);

        // One kind at a time: the simulator may well move what it has just created.
        assertThat(changes(mailbox, "{\"seed\":1,\"create\":4}")).isEqualTo(new Sums(4, 0, 0, 0));
        assertThat(changes(mailbox, "{\"seed\":4,\"delete\":3}")).isEqualTo(new Sums(0, 0, 3, 0));
        assertThat(changes(mailbox, "{\"seed\":5,\"move\":2}")).isEqualTo(new Sums(2, 0, 2, 0));
        assertThat(changes(mailbox, "{\"seed\":2,\"update\":5}")).isEqualTo(new Sums(0, 5, 0, 0));
        assertThat(changes(mailbox, "{\"seed\":3,\"markRead\":6}")).isEqualTo(new Sums(0, 0, 0, 6));
        assertThat(live(mailbox)).isEqualTo(truth("whole@exporter.example"));
    }

    @Test
    void goesOnFromTheLogAfterItWasBrokenOffAgainAndAgain() throws Exception {
        ExportedMailbox mailbox = mailbox("broken.off@exporter.example", "right");
        long wanted = truth("broken.off@exporter.example");
        int turns = 0;
        Ending ending = new Ending.Stopped();
        for (long stopAt = 20; ending instanceof Ending.Stopped; stopAt += 60) {
            ExportTurn turn = new ExportTurn(0, false);
            long limit = stopAt;
            Thread watcher = Thread.ofVirtual().start(() -> {
                while (!turn.hasEnded()) {
                    if (turn.items() >= limit) {
                        turn.stop();
                    }
                    Thread.onSpinWait();
                }
            });
            ending = exports.run(mailbox, turn);
            turn.end();
            watcher.join();
            turns++;
        }

        assertThat(turns).isGreaterThan(2);
        assertThat(finished(ending).items()).isEqualTo(wanted);
        assertThat(sum(pages(mailbox), PageEnd::items)).isEqualTo(wanted);
        assertThat(sum(pages(mailbox), PageEnd::updates)).isZero();
    }

    @Test
    void beginsAgainFromTheLogWhenItsPagesAreRefused() throws Exception {
        ExportedMailbox mailbox = mailbox("refused@exporter.example", "right");
        uploader.refusePages(2);

        ExportFinished outcome = finished(exports.run(mailbox, new ExportTurn(0, false)));

        assertThat(outcome.items()).isEqualTo(truth("refused@exporter.example"));
        assertThat(sum(pages(mailbox), PageEnd::items)).isEqualTo(outcome.items());
    }

    @Test
    void losesOnlySpoiledItemsAndReadsThemOnceTheyAreHealed() throws Exception {
        ExportedMailbox mailbox = mailbox("spoiled@exporter.example", "right");
        long all = truth("spoiled@exporter.example");

        ExportFinished first = finished(exports.run(mailbox, new ExportTurn(0, false)));

        assertThat(first.skipped())
                .isEqualTo(Map.of(
                        SkipCause.ITEM_CORRUPT, 1L,
                        SkipCause.CONVERSION_FAILED, 1L,
                        SkipCause.ANSWER_UNREADABLE, 1L));
        assertThat(first.items()).isEqualTo(all - 3);
        int pages = pages(mailbox).size();

        ExportFinished second = finished(exports.run(mailbox, new ExportTurn(0, false)));

        assertThat(second.skipped()).isEqualTo(first.skipped());
        assertThat(pages(mailbox)).hasSize(pages);

        post("/mailboxes/spoiled@exporter.example/changes", "{\"seed\":1,\"heal\":3}");
        ExportFinished healed = finished(exports.run(mailbox, new ExportTurn(0, false)));

        assertThat(healed.skipped()).isEmpty();
        assertThat(healed.items()).isEqualTo(all);
    }

    @Test
    void toleratesAServerThatIsBusyAndBreaksOff() throws Exception {
        for (String fault : List.of(
                "{\"kind\":\"busyInAnswer\",\"backOffMilliseconds\":20,\"requests\":2}",
                "{\"kind\":\"unavailable\",\"retryAfterSeconds\":0,\"requests\":1}",
                "{\"kind\":\"reset\",\"afterBytes\":9000,\"operation\":\"GetItem\",\"requests\":3}")) {
            post("/servers/EXP-01/faults", fault);
        }
        ExportTurn turn = new ExportTurn(0, false);

        ExportFinished outcome = finished(exports.run(mailbox("throttled@exporter.example", "right"), turn));

        assertThat(outcome.items()).isEqualTo(truth("throttled@exporter.example"));
        assertThat(outcome.skipped()).isEmpty();
        assertThat(turn.pace().take().throttled()).isTrue();
    }

    @Test
    void stopsAtOnceWhenTheAccountIsRefusedAndSendsNothing() throws Exception {
        ExportedMailbox mailbox = mailbox("refused@exporter.example", "wrong");

        assertThat(exports.run(mailbox, new ExportTurn(0, false)))
                .isEqualTo(new Ending.Failed(FailureCategory.PERMANENT, "HttpStatus401", Duration.ZERO));
        assertThat(exports.run(mailbox("refused@exporter.example", "absent"), new ExportTurn(0, false)))
                .isEqualTo(new Ending.Failed(FailureCategory.PERMANENT, "CredentialsMissing", Duration.ZERO));
        assertThat(pages(mailbox)).isEmpty();
    }

    @Test
    void failsTheNextMailboxOfATenantWhoseKeysetIsLostAndWritesNothing() throws Exception {
        ExportedMailbox first = mailbox("refused@exporter.example", "right");
        finished(exports.run(first, new ExportTurn(0, false)));
        MailboxPlace place = new MailboxPlace(TENANT, first.mailbox());
        Path keyset = s3.data().resolve(place.macKey());
        Path aside = Files.move(keyset, s3.data().resolveSibling("mac.json"));
        try {
            ExportedMailbox next = mailbox("throttled@exporter.example", "right");

            assertThat(exports.run(next, new ExportTurn(0, false)))
                    .isEqualTo(new Ending.Failed(FailureCategory.PERMANENT, "KeyMissing", Duration.ZERO));
            assertThat(store.holdsAny(new MailboxPlace(TENANT, next.mailbox()).prefix()))
                    .isFalse();
            assertThat(store.get(place.macKey())).isEmpty();
        } finally {
            Files.move(aside, keyset, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private record Sums(long items, long updates, long deletions, long readFlags) {}

    /** Changes the mailbox, exports it again, and adds up what the new pages say. */
    private static Sums changes(ExportedMailbox mailbox, String changes) throws Exception {
        int before = pages(mailbox).size();
        post("/mailboxes/whole@exporter.example/changes", changes);
        finished(exports.run(mailbox, new ExportTurn(0, false)));
        List<PageEnd> fresh = pages(mailbox).subList(before, pages(mailbox).size());
        return new Sums(
                sum(fresh, PageEnd::items),
                sum(fresh, PageEnd::updates),
                sum(fresh, PageEnd::deletions),
                sum(fresh, PageEnd::readFlags));
    }

    private static ExportFinished finished(Ending ending) {
        assertThat(ending).isInstanceOf(Ending.Finished.class);
        return ((Ending.Finished) ending).outcome();
    }

    private static long live(ExportedMailbox mailbox) throws IOException {
        List<PageEnd> pages = pages(mailbox);
        return sum(pages, PageEnd::items) - sum(pages, PageEnd::deletions);
    }

    private static long sum(List<PageEnd> pages, java.util.function.ToLongFunction<PageEnd> count) {
        return pages.stream().mapToLong(count).sum();
    }

    private static List<PageEnd> pages(ExportedMailbox mailbox) throws IOException {
        List<PageEnd> pages = new ArrayList<>();
        uploader.log(new MailboxPlace(mailbox.tenant(), mailbox.mailbox())).read(entry -> {
            if (entry.body() instanceof Body.PagesStored stored) {
                stored.pages().forEach(page -> pages.add(page.end()));
            }
        });
        return pages;
    }

    private static ExportedMailbox mailbox(String address, String account) {
        return new ExportedMailbox(
                TENANT,
                ServerId.random(),
                MailboxId.random(),
                keys.directory(TENANT).seal(address),
                new EwsEndpoint(server.path("ewsHttps").asText(), new Trust.Pinned(certificate), account, true, false));
    }

    private static void account(String ref, String user, String password) throws IOException {
        Path folder = Files.createDirectories(credentials.resolve(TENANT.toString()));
        Files.write(folder.resolve(ref + ".json"), JSON.writeValueAsBytes(Map.of("user", user, "password", password)));
    }

    /** The simulator's own count of live items. */
    private static long truth(String address) throws Exception {
        return send("/mailboxes/" + address + "/truth", null)
                .lines()
                .filter(line -> !line.isBlank())
                .count();
    }

    private static JsonNode get(String path) throws Exception {
        return JSON.readTree(send(path, null));
    }

    private static void post(String path, String body) throws Exception {
        send(path, body);
    }

    private static String send(String path, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(simulator.control() + path)).timeout(Duration.ofSeconds(30));
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
            return answer.body();
        }
    }
}
