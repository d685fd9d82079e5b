package io.mailferry.exporter.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.KeyMissing;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.page.AttemptBegin;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreFailure;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.stack.S3Server;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keysets an attempt offers. Goal: a keyset without which something stored cannot be opened is never made anew. */
final class MailboxKeysIT {
    private static final byte[] LISTED = """
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix></Prefix>
            <KeyCount>1</KeyCount><MaxKeys>1</MaxKeys><IsTruncated>false</IsTruncated>
            <Contents><Key>one</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"1"</ETag><Size>1</Size>
            <StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>""".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NO_SUCH_KEY =
            "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>".getBytes(StandardCharsets.UTF_8);

    private static S3Server server;
    private static ObjectStore store;
    private static TenantKeys tenantKeys;
    private static ArchiveReads reads;

    private final TenantId tenant = TenantId.random();
    private final KeyEncryptionKey kek = tenantKeys.keyEncryption(tenant);
    private final MailboxPlace first = new MailboxPlace(tenant, MailboxId.random());
    private final MailboxPlace second = new MailboxPlace(tenant, MailboxId.random());

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = S3Server.start(directory.resolve("s3"));
        store = new ObjectStore(StoreSettings.of(
                URI.create(server.endpoint()),
                server.bucket(),
                server.accessKey(),
                server.secretKey(),
                server.region()));
        tenantKeys = TenantKeys.open(directory.resolve("keys"), true);
        reads = new ArchiveReads(new SmallRyeConfigBuilder()
                .withMapping(AttemptSettings.class, "mailferry.attempt")
                .build()
                .getConfigMapping(AttemptSettings.class, "mailferry.attempt"));
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @Test
    void offersTheTenantsKeysetForItsFirstMailboxOnly() {
        AttemptBegin.OfferedKeys forFirst = begin(first, false).keys();

        assertThat(forFirst.mac()).isNotNull();
        assertThat(forFirst.sealing()).isNotNull();
        put(first, forFirst);
        assertThat(begin(first, true).keys()).isNull();

        AttemptBegin.OfferedKeys forSecond = begin(second, true).keys();
        assertThat(forSecond.mac()).isNull();
        assertThat(forSecond.sealing()).isNotNull();
    }

    @Test
    void refusesToMakeALostTenantKeysetAnewForTheNextMailbox() throws Exception {
        put(first, begin(first, false).keys());
        Files.delete(server.data().resolve(first.macKey()));

        assertRefused(second, false);
        assertRefused(first, false);
    }

    @Test
    void refusesToMakeItAnewAlsoWhenTheWholeTenantIsGoneFromTheBucket() throws StoreFailure {
        assertRefused(first, true);

        assertThat(store.holdsAny("t/" + tenant)).isFalse();
    }

    @Test
    void givesTheFirstTwoMailboxesTheSameTenantKeyset() {
        AttemptBegin.OfferedKeys one = begin(first, false).keys();
        AttemptBegin.OfferedKeys other = begin(second, false).keys();
        put(first, one);
        put(second, other);

        assertThat(MailboxKeys.read(store, second, kek, reads).mac().item(first.mailbox(), "id"))
                .isEqualTo(MailboxKeys.read(store, first, kek, reads).mac().item(first.mailbox(), "id"));
    }

    @Test
    void takesTheKeysetOfAMailboxThatBeganWhileItLooked() throws IOException {
        AttemptBegin.OfferedKeys other = begin(first, false).keys();

        AttemptBegin begin;
        try (LookedAt bucket = new LookedAt(() -> put(first, other));
                ObjectStore looking = new ObjectStore(bucket.settings())) {
            begin = MailboxKeys.begin(looking, second, kek, reads, true, false);
        }

        assertThat(begin.keys().mac()).isNull();
        assertThat(begin.keys().sealing()).isNotNull();
    }

    /** The bucket, to look at only, in which something happens after a keyset was looked for and before objects are listed. */
    private static final class LookedAt implements AutoCloseable {
        private final HttpServer front;
        private final Runnable beforeListing;

        LookedAt(Runnable beforeListing) throws IOException {
            this.beforeListing = beforeListing;
            this.front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            front.createContext("/", this::answer);
            front.start();
        }

        StoreSettings settings() {
            return StoreSettings.of(
                    URI.create("http://127.0.0.1:" + front.getAddress().getPort()),
                    server.bucket(),
                    server.accessKey(),
                    server.secretKey(),
                    server.region());
        }

        private void answer(HttpExchange exchange) throws IOException {
            String query = exchange.getRequestURI().getQuery();
            boolean listing = query != null && query.contains("list-type");
            if (listing) {
                beforeListing.run();
            }
            byte[] answer = listing ? LISTED : object(exchange.getRequestURI().getPath());
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            exchange.sendResponseHeaders(answer == NO_SUCH_KEY ? 404 : 200, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        }

        private byte[] object(String path) throws IOException {
            return store.get(path.substring(server.bucket().length() + 2)).orElse(NO_SUCH_KEY);
        }

        @Override
        public void close() {
            front.stop(0);
        }
    }

    private AttemptBegin begin(MailboxPlace place, boolean tenantHasArchive) {
        return MailboxKeys.begin(store, place, kek, reads, true, tenantHasArchive);
    }

    private void assertRefused(MailboxPlace place, boolean tenantHasArchive) {
        assertThatThrownBy(() -> begin(place, tenantHasArchive))
                .isInstanceOf(KeyMissing.class)
                .hasMessageContaining("t/" + tenant + "/keys/mac.json")
                .hasMessageContaining("put the object back into the bucket from its backup");
    }

    /** As the uploader does: the tenant's keyset first, and what is there stays. */
    private static void put(MailboxPlace place, AttemptBegin.OfferedKeys offered) {
        try {
            if (offered.mac() != null) {
                store.putIfAbsent(place.macKey(), offered.mac());
            }
            store.putIfAbsent(place.sealingKey(), offered.sealing());
        } catch (StoreFailure e) {
            throw new UncheckedIOException(e);
        }
    }
}
