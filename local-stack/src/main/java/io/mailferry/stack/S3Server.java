package io.mailferry.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An S3 server that keeps its objects as files, as a child process: S3Proxy on its file system store. The bucket exists
 * when {@link #start} returns. It has no versioning and no Object Lock.
 */
public final class S3Server implements AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);
    private static final int START_ATTEMPTS = 3;
    private static final String BUCKET = "mailferry";
    private static final String REGION = "us-east-1";

    private final Path folder;
    private final Secrets secrets;
    private int port;
    private ChildProcess process;
    private JavaCommand command;

    private S3Server(Path folder, int wantedPort) {
        this.folder = folder.toAbsolutePath();
        this.secrets = Secrets.in(this.folder.resolve("secrets.properties"));
        this.port = LoopbackPort.freeOr(wantedPort);
        this.command = command();
        this.process = launchOnFreePort();
    }

    /** Starts a server that keeps its objects in the folder, on a free port. */
    public static S3Server start(Path folder) {
        return start(folder, 0);
    }

    /** Starts a server on the wanted port, or on another one when that is taken. */
    public static S3Server start(Path folder, int wantedPort) {
        return new S3Server(folder, wantedPort);
    }

    /** Such as {@code http://127.0.0.1:41234}, the same after a restart. */
    public String endpoint() {
        return "http://" + LoopbackPort.HOST + ":" + port;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.alive();
    }

    public String bucket() {
        return BUCKET;
    }

    public String region() {
        return REGION;
    }

    public String accessKey() {
        return secrets.named("access-key");
    }

    public String secretKey() {
        return secrets.named("secret-key");
    }

    /** The folder whose files are the bucket's objects, for tests that tamper with one or search them all. */
    public Path data() {
        return folder.resolve("data").resolve(BUCKET);
    }

    /** The variables by which a service finds this bucket. */
    public Map<String, String> environment() {
        return Map.of(
                "MAILFERRY_S3_ENDPOINT", endpoint(),
                "MAILFERRY_S3_BUCKET", BUCKET,
                "MAILFERRY_S3_ACCESS_KEY", accessKey(),
                "MAILFERRY_S3_SECRET_KEY", secretKey(),
                "MAILFERRY_S3_REGION", REGION);
    }

    /** Stops the server in an orderly way and starts it again on the same port with the same objects. */
    public void restart() {
        close();
        startAgain();
    }

    /** Ends the server at once, as a crash would; {@link #startAgain()} brings it back. */
    public void kill() {
        process.kill();
    }

    /** Starts the server that was closed or killed, on the same port with the same objects. */
    public void startAgain() {
        command = command();
        process = launch();
    }

    @Override
    public void close() {
        process.close();
        command.keepArchive();
    }

    private ChildProcess launchOnFreePort() {
        for (int attempt = 1; ; attempt++) {
            try {
                return launch();
            } catch (StackFailure e) {
                String message = String.valueOf(e.getMessage());
                if (attempt == START_ATTEMPTS || !message.contains("Address already in use")) {
                    throw e;
                }
                port = LoopbackPort.free();
            }
        }
    }

    private ChildProcess launch() {
        writeSettings();
        ChildProcess started = ChildProcess.start(
                "The S3 server",
                command.line(),
                Map.of(),
                folder.resolve("s3.log"),
                ChildProcess.StopSignal.TERM,
                STOP_GRACE);
        started.awaitReady(START_DEADLINE, () -> LoopbackPort.answers(port));
        return started;
    }

    private JavaCommand command() {
        return JavaCommand.of(
                "s3proxy",
                "org.gaul.s3proxy.Main",
                List.of(
                        // It holds each PUT whole to check its signature, and packs have up to 64 MiB.
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:ReservedCodeCacheSize=48m",
                        // Its default writes every request at DEBUG, which costs most of its speed.
                        "-Dlogback.configurationFile=" + folder.resolve("logback.xml")),
                List.of("--properties", settings().toString()));
    }

    private Path settings() {
        return folder.resolve("s3proxy.properties");
    }

    private void writeSettings() {
        String properties = String.join(
                "\n",
                "s3proxy.endpoint=" + endpoint(),
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + accessKey(),
                "s3proxy.credential=" + secretKey(),
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + folder.resolve("data"),
                "");
        String logback = """
                <configuration>
                  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d %-5level %logger{20} %msg%n</pattern></encoder>
                  </appender>
                  <root level="WARN"><appender-ref ref="out"/></root>
                </configuration>
                """;
        try {
            // A folder below the base folder is a bucket; one that others may read would be a public bucket.
            Files.createDirectories(data());
            Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
            Secrets.writePrivately(settings(), properties);
            Files.writeString(folder.resolve("logback.xml"), logback, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new StackFailure("The S3 server's settings could not be written to " + folder, e);
        }
    }
}
