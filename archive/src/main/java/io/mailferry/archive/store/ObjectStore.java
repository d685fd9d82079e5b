package io.mailferry.archive.store;

import io.mailferry.archive.part.Sha256;
import io.mailferry.contracts.exchange.FailureCategory;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.ObjectWriteResponse;
import io.minio.PutObjectArgs;
import io.minio.Result;
import io.minio.UploadObjectArgs;
import io.minio.messages.Item;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/**
 * The bucket. Objects are put whole and never overwritten; there is no multipart, so nothing is ever half there. Every
 * request has a deadline and is made once: retrying is the caller's, which knows what waits behind it.
 */
public final class ObjectStore implements AutoCloseable {
    /** A single PUT goes up to this; larger would be cut by the SDK. */
    private static final long PUT_BYTES_MAX = 5L * 1024 * 1024 * 1024;

    private static final long PART_BYTES_MIN = 5L * 1024 * 1024;
    private static final int READ_BACK_BYTES = 16 * 1024;

    /** The failure's word when the server has something else than it was sent. */
    static final String CHECKSUM_DIFFERS = "ChecksumDiffers";

    private final MinioClient client;
    private final OkHttpClient http;
    private final String bucket;

    public ObjectStore(StoreSettings settings) {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(settings.connectionsMax());
        dispatcher.setMaxRequestsPerHost(settings.connectionsMax());
        http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(settings.connectionsMax(), 30, TimeUnit.SECONDS))
                .connectTimeout(settings.connectTimeout())
                .readTimeout(settings.idleTimeout())
                .writeTimeout(settings.idleTimeout())
                .callTimeout(settings.callTimeout())
                .build();
        client = MinioClient.builder()
                .endpoint(settings.endpoint().toString())
                .region(settings.region())
                .credentials(settings.accessKey(), settings.secretKey())
                .httpClient(http)
                .build();
        bucket = settings.bucket();
    }

    /**
     * Puts a file as an object of that name. The server compares the checksums sent with it; what it confirms is compared
     * once more, and read back where it confirms nothing that can be compared.
     *
     * @throws StoreFailure also when the server has something else
     */
    public void put(String object, Path file, Checksums checksums) throws StoreFailure {
        try {
            long size = Files.size(file);
            ObjectWriteResponse answer = client.uploadObject(UploadObjectArgs.builder()
                    .bucket(bucket)
                    .object(object)
                    .filename(file.toString(), partSize(size))
                    .contentType("application/octet-stream")
                    .headers(checksums.headers())
                    .build());
            confirm(object, answer, checksums);
        } catch (Exception e) {
            throw StoreErrors.failure("put", e);
        }
    }

    /** The same for an object that is small enough to lie in memory. */
    public void put(String object, byte[] bytes) throws StoreFailure {
        try {
            Checksums checksums = Checksums.of(bytes);
            confirm(object, client.putObject(upload(object, bytes, checksums.headers())), checksums);
        } catch (Exception e) {
            throw StoreErrors.failure("put", e);
        }
    }

    /**
     * Puts an object unless the name is taken: the one commit of the archive.
     *
     * @throws StoreFailure when it is certain that nothing was stored
     */
    public PutOutcome putIfAbsent(String object, byte[] bytes) throws StoreFailure {
        Checksums checksums = Checksums.of(bytes);
        ObjectWriteResponse answer;
        try {
            answer = client.putObject(upload(object, bytes, checksums.headersIfAbsent()));
        } catch (Exception e) {
            return StoreErrors.conditional(e);
        }
        try {
            confirm(object, answer, checksums);
            return new PutOutcome.Stored();
        } catch (StoreFailure e) {
            // Whatever its category: the server has said that something was stored.
            return new PutOutcome.Unconfirmed(e);
        }
    }

    /** @return the object's bytes, or empty if there is none */
    public Optional<byte[]> get(String object) throws StoreFailure {
        try (InputStream in = client.getObject(
                GetObjectArgs.builder().bucket(bucket).object(object).build())) {
            return Optional.of(in.readAllBytes());
        } catch (Exception e) {
            return StoreErrors.absent("get", e);
        }
    }

    /** @return the object as a stream, to be closed, or empty if there is none */
    public Optional<InputStream> open(String object) throws StoreFailure {
        try {
            return Optional.of(client.getObject(
                    GetObjectArgs.builder().bucket(bucket).object(object).build()));
        } catch (Exception e) {
            return StoreErrors.absent("get", e);
        }
    }

    /**
     * @param position of the first byte
     * @return those bytes as a stream, to be closed; fewer if the object ends before; empty if there is none
     */
    public Optional<InputStream> open(String object, long position, long length) throws StoreFailure {
        try {
            return Optional.of(client.getObject(GetObjectArgs.builder()
                    .bucket(bucket)
                    .object(object)
                    .offset(position)
                    .length(length)
                    .build()));
        } catch (Exception e) {
            return StoreErrors.absent("ranged get", e);
        }
    }

    /** @return the objects below the prefix, in the order of their names */
    public List<StoredObject> list(String prefix) throws StoreFailure {
        List<StoredObject> objects = new ArrayList<>();
        try {
            for (Result<Item> result : client.listObjects(ListObjectsArgs.builder()
                    .bucket(bucket)
                    .prefix(prefix)
                    .recursive(true)
                    .build())) {
                Item item = result.get();
                objects.add(new StoredObject(item.objectName(), item.size()));
            }
        } catch (Exception e) {
            throw StoreErrors.failure("list", e);
        }
        return objects;
    }

    /** Whether there is any object below the prefix; one request for one name, however many there are. */
    public boolean holdsAny(String prefix) throws StoreFailure {
        try {
            Iterator<Result<Item>> first = client.listObjects(ListObjectsArgs.builder()
                            .bucket(bucket)
                            .prefix(prefix)
                            .recursive(true)
                            .maxKeys(1)
                            .build())
                    .iterator();
            if (!first.hasNext()) {
                return false;
            }
            // A refusal, too, comes as a result.
            var unused = first.next().get();
            return true;
        } catch (Exception e) {
            throw StoreErrors.failure("list", e);
        }
    }

    @Override
    public void close() {
        http.dispatcher().cancelAll();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private PutObjectArgs upload(String object, byte[] bytes, Map<String, String> headers) {
        return PutObjectArgs.builder().bucket(bucket).object(object).stream(
                        new ByteArrayInputStream(bytes), bytes.length, partSize(bytes.length))
                .contentType("application/octet-stream")
                .headers(headers)
                .build();
    }

    /** Large enough that the SDK makes one PUT and not several parts. */
    private static long partSize(long size) throws IllegalArgumentException {
        if (size > PUT_BYTES_MAX) {
            throw new IllegalArgumentException("too large for one PUT");
        }
        return Math.max(size, PART_BYTES_MIN);
    }

    /**
     * Compares what the server has with what it was sent: by the SHA-256 that it sends back; else by its ETag, which is
     * the MD5 unless the server encrypts by a key of a key service or makes ETags its own way; else by reading it back.
     */
    private void confirm(String object, ObjectWriteResponse answer, Checksums sent) throws StoreFailure {
        String sha256 = answer.headers().get(Checksums.SHA256_HEADER);
        if (sha256 != null) {
            require(sent.sameSha256(sha256));
        } else if (!sent.md5().equalsIgnoreCase(answer.etag())) {
            require(sent.sha256().equals(readBack(object)));
        }
    }

    private static void require(boolean same) throws StoreFailure {
        if (!same) {
            throw new StoreFailure(FailureCategory.TRANSIENT, CHECKSUM_DIFFERS, "put");
        }
    }

    /** The SHA-256 of what is there, in hex. */
    private String readBack(String object) throws StoreFailure {
        Optional<InputStream> there = open(object);
        if (there.isEmpty()) {
            throw new StoreFailure(FailureCategory.TRANSIENT, "NotThere", "read back");
        }
        MessageDigest digest = Sha256.digest();
        try (InputStream in = there.get()) {
            byte[] buffer = new byte[READ_BACK_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw StoreErrors.failure("read back", e);
        }
        return Sha256.hex(digest);
    }
}
