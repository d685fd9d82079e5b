package io.mailferry.archive.store;

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
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
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
     * Puts a file as an object of that name. The server compares the checksum sent with it, and its ETag, where it is an
     * MD5, is compared once more.
     *
     * @param md5 of the file, in hex
     * @throws StoreFailure also when the server confirms another checksum
     */
    public void put(String object, Path file, String md5) throws StoreFailure {
        try {
            long size = Files.size(file);
            ObjectWriteResponse answer = client.uploadObject(UploadObjectArgs.builder()
                    .bucket(bucket)
                    .object(object)
                    .filename(file.toString(), partSize(size))
                    .contentType("application/octet-stream")
                    .headers(Map.of("Content-MD5", base64(md5)))
                    .build());
            compare(answer, md5);
        } catch (Exception e) {
            throw StoreErrors.failure("put", e);
        }
    }

    /** The same for an object that is small enough to lie in memory. */
    public void put(String object, byte[] bytes) throws StoreFailure {
        try {
            String md5 = md5(bytes);
            compare(client.putObject(upload(object, bytes, Map.of("Content-MD5", base64(md5)))), md5);
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
        try {
            String md5 = md5(bytes);
            compare(
                    client.putObject(upload(object, bytes, Map.of("Content-MD5", base64(md5), "If-None-Match", "*"))),
                    md5);
            return new PutOutcome.Stored();
        } catch (Exception e) {
            return StoreErrors.conditional(e);
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

    private static void compare(ObjectWriteResponse answer, String md5) throws StoreFailure {
        String etag = answer.etag();
        boolean comparable = etag != null && etag.length() == 32;
        if (comparable && !etag.toLowerCase(Locale.ROOT).equals(md5)) {
            throw new StoreFailure(FailureCategory.TRANSIENT, "ChecksumDiffers", "put");
        }
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    private static String md5(byte[] bytes) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }
}
