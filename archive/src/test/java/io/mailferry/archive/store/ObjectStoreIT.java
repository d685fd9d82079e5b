package io.mailferry.archive.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.stack.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreIT {
    @TempDir
    static Path folder;

    private static S3Server server;
    private static ObjectStore store;

    @BeforeAll
    static void start() {
        server = S3Server.start(folder.resolve("s3"));
        store = new ObjectStore(settings(server.secretKey(), server.bucket()));
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @Test
    void acceptsABucketWithAtomicConditionalPuts() throws Exception {
        assertThat(BucketCheck.run(store, 16)).isInstanceOf(BucketCheck.Verdict.Suitable.class);
    }

    @Test
    void putsAFileWholeAndReadsARange() throws Exception {
        byte[] bytes = new byte[17 * 1024 * 1024];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("large"), bytes);
        String name = "t/large-" + UUID.randomUUID();

        store.put(name, file, Checksums.of(bytes));

        assertThat(store.list("t/large-")).containsExactly(new StoredObject(name, bytes.length));
        try (InputStream range = store.open(name, 6_000_000, 10).orElseThrow()) {
            assertThat(range.readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(bytes, 6_000_000, 6_000_010));
        }
    }

    @Test
    void saysWhetherThereIsAnythingBelowAPrefix() throws Exception {
        String prefix = "t/" + UUID.randomUUID() + "/";
        assertThat(store.holdsAny(prefix)).isFalse();

        store.put(prefix + "keys/a", new byte[] {1});
        store.put(prefix + "keys/b", new byte[] {1});

        assertThat(store.holdsAny(prefix)).isTrue();
        assertThat(store.holdsAny(prefix + "m/")).isFalse();
        try (ObjectStore stranger = new ObjectStore(settings("wrong-secret", server.bucket()))) {
            assertThatThrownBy(() -> stranger.holdsAny(prefix)).isInstanceOf(StoreFailure.class);
        }
    }

    @Test
    void refusesAFileThatIsNotWhatWasChecksummed() throws IOException {
        Path file = Files.write(folder.resolve("changed"), new byte[100]);
        String name = "t/changed-" + UUID.randomUUID();

        assertThatThrownBy(() -> store.put(name, file, Checksums.of(new byte[99])))
                .isInstanceOf(StoreFailure.class);
        assertThat(store.get(name)).isEmpty();
    }

    @Test
    void neverReplacesWhatIsThere() throws StoreFailure {
        String name = "t/once-" + UUID.randomUUID();

        assertThat(store.putIfAbsent(name, new byte[] {1})).isInstanceOf(PutOutcome.Stored.class);
        assertThat(store.putIfAbsent(name, new byte[] {2})).isInstanceOf(PutOutcome.AlreadyThere.class);
        assertThat(store.get(name).orElseThrow()).containsExactly(1);
    }

    @Test
    void answersAbsenceAsAValue() throws StoreFailure {
        assertThat(store.get("t/none")).isEmpty();
        assertThat(store.open("t/none", 0, 1)).isEmpty();
        assertThat(store.list("t/none")).isEmpty();
    }

    @Test
    void sortsFailuresIntoCategories() {
        try (ObjectStore wrongKey = new ObjectStore(settings("wrong", server.bucket()));
                ObjectStore noBucket = new ObjectStore(settings(server.secretKey(), "elsewhere"));
                ObjectStore nobody = new ObjectStore(StoreSettings.of(
                        URI.create("http://127.0.0.1:1"), server.bucket(), "a", "b", server.region()))) {
            assertThat(List.of(failure(wrongKey), failure(noBucket), failure(nobody)))
                    .extracting(StoreFailure::category)
                    .containsExactly(FailureCategory.PERMANENT, FailureCategory.PERMANENT, FailureCategory.TRANSIENT);
        }
    }

    private static StoreFailure failure(ObjectStore store) {
        try {
            store.put("t/x", new byte[1]);
            throw new AssertionError("was put");
        } catch (StoreFailure e) {
            return e;
        }
    }

    private static StoreSettings settings(String secretKey, String bucket) {
        return StoreSettings.of(URI.create(server.endpoint()), bucket, server.accessKey(), secretKey, server.region());
    }
}
