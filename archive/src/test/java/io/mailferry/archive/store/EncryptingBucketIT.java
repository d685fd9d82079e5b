package io.mailferry.archive.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.stack.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Buckets whose ETags are not the MD5 of what they hold, as where SSE-KMS is the default. Only the heads of the answers
 * are made up; what becomes of the objects is a real server's work.
 */
class EncryptingBucketIT {
    private static final String ANOTHER_ETAG = "\r\nETag: \"0123456789abcdef0123456789abcdef\"\r\n";

    @TempDir
    static Path folder;

    private static S3Server server;

    private final String name = "t/" + UUID.randomUUID();
    private FaultyStore front;
    private ObjectStore store;

    @BeforeAll
    static void start() {
        server = S3Server.start(folder.resolve("s3"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        front = new FaultyStore(server.port());
        store = new ObjectStore(StoreSettings.of(
                URI.create(front.endpoint()),
                server.bucket(),
                server.accessKey(),
                server.secretKey(),
                server.region()));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        front.close();
    }

    @Test
    void trustsTheSha256ThatTheServerSendsBack() throws Exception {
        front.changePutAnswers(EncryptingBucketIT::encrypted);
        Path file = Files.write(folder.resolve("pack"), new byte[100]);

        store.put(name, file, Checksums.of(new byte[100]));
        PutOutcome outcome = store.putIfAbsent(name + "-once", new byte[] {1});

        assertThat(outcome).isInstanceOf(PutOutcome.Stored.class);
        assertThat(front.gets()).isZero();
        assertThat(BucketCheck.run(store, 8)).isInstanceOf(BucketCheck.Verdict.Suitable.class);
    }

    @Test
    void readsBackWhatNothingElseConfirms() throws Exception {
        front.changePutAnswers(head -> withoutSha256(encrypted(head)));
        Path file = Files.write(folder.resolve("pack"), new byte[100]);

        store.put(name, file, Checksums.of(new byte[100]));
        PutOutcome outcome = store.putIfAbsent(name + "-once", new byte[] {1});

        assertThat(outcome).isInstanceOf(PutOutcome.Stored.class);
        assertThat(front.gets()).isEqualTo(2);
        assertThat(BucketCheck.run(store, 8)).isInstanceOf(BucketCheck.Verdict.Suitable.class);
    }

    @Test
    void isContentWithAnETagThatIsTheMd5() throws Exception {
        front.changePutAnswers(EncryptingBucketIT::withoutSha256);

        store.put(name, new byte[] {1});

        assertThat(front.gets()).isZero();
    }

    @Test
    void refusesAServerThatHasSomethingElse() throws Exception {
        front.changePutAnswers(head -> sha256(head, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="));

        assertThatThrownBy(() -> store.put(name, new byte[] {1}))
                .isInstanceOfSatisfying(
                        StoreFailure.class, e -> assertThat(e.word()).isEqualTo("ChecksumDiffers"));
        assertThat(store.putIfAbsent(name + "-once", new byte[] {1})).isInstanceOf(PutOutcome.Unconfirmed.class);
        assertThat(BucketCheck.run(store, 8))
                .isInstanceOfSatisfying(
                        BucketCheck.Verdict.Refused.class,
                        refused -> assertThat(refused.remedy()).contains("SHA-256"));
    }

    /** It is there, so that whoever commits must not believe that it is not. */
    @Test
    void leavesUnconfirmedWhatCannotBeReadBack() throws Exception {
        front.changePutAnswers(head -> withoutSha256(encrypted(head)));
        front.refuse(line -> line.startsWith("GET "));

        assertThat(store.putIfAbsent(name, new byte[] {1}))
                .isInstanceOfSatisfying(
                        PutOutcome.Unconfirmed.class,
                        unconfirmed -> assertThat(unconfirmed.why().word()).isEqualTo("SlowDown"));
        try (ObjectStore direct = new ObjectStore(StoreSettings.of(
                URI.create(server.endpoint()),
                server.bucket(),
                server.accessKey(),
                server.secretKey(),
                server.region()))) {
            assertThat(direct.get(name)).isPresent();
        }
    }

    private static String encrypted(String head) {
        return head.replaceFirst("(?i)\r\netag:[^\r]*\r\n", ANOTHER_ETAG)
                .replaceFirst("\r\n\r\n$", "\r\nx-amz-server-side-encryption: aws:kms\r\n\r\n");
    }

    private static String withoutSha256(String head) {
        return head.replaceFirst("(?i)\r\nx-amz-checksum-sha256:[^\r]*", "");
    }

    private static String sha256(String head, String value) {
        return head.replaceFirst("(?i)(\r\nx-amz-checksum-sha256: )[^\r]*", "$1" + value);
    }
}
