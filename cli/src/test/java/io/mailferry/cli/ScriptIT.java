package io.mailferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script in a tree of its own, whose command line program only tells which Java runs it. */
final class ScriptIT {
    @TempDir
    private Path folder;

    private Path root = Path.of("");
    private Path oldJdk = Path.of("");

    @BeforeEach
    void makeTree() throws Exception {
        root = Files.createDirectories(folder.resolve("a folder with blanks"));
        Files.copy(
                Path.of(System.getProperty("mailferry.root"), "mailferry"),
                root.resolve("mailferry"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(root.resolve("cli/src/main"));
        Files.createFile(root.resolve("cli/pom.xml"));
        writeProgram(Files.createDirectories(root.resolve("cli/target")).resolve("cli-0.1.0-all.jar"));
        oldJdk = folder.resolve("jdk-17");
        executable(oldJdk.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"17.0.15\"' >&2\n");
        executable(oldJdk.resolve("bin/javac"), "#!/bin/sh\necho 'javac 17.0.15'\n");
        Files.writeString(oldJdk.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n", StandardCharsets.UTF_8);
    }

    @Test
    void findsAJdk25ThoughJavaOnThePathIs17() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home/.jdks")).getParent();
        Files.createSymbolicLink(home.resolve(".jdks/jdk-25"), Path.of(System.getProperty("java.home")));

        Result result = run(
                Map.of(
                        "PATH", oldJdk.resolve("bin") + ":" + System.getenv("PATH"),
                        "JAVA_HOME", oldJdk.toString(),
                        "HOME", home.toString()),
                "verify",
                "a b");

        assertThat(result.exit()).isZero();
        assertThat(result.output()).contains("java 25 [verify, a b]");
    }

    @Test
    void saysThatTheNamedJdkIsNone() throws Exception {
        Result result = run(Map.of("MAILFERRY_JAVA_HOME", oldJdk.toString()), "verify");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.output()).contains("MAILFERRY_JAVA_HOME").contains("not a JDK 25");
    }

    @Test
    void showsHelpWhenNothingIsAskedFor() throws Exception {
        Result result = run(Map.of("MAILFERRY_JAVA_HOME", System.getProperty("java.home")));

        assertThat(result.output()).contains("java 25 [help]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo --help", "up -h", "down --help", "test --help", "help demo", "help test"})
    void explainsWhatRunsOnThisMachineWithoutAJdkOrABuild(String line) throws Exception {
        Result result = run(Map.of("MAILFERRY_JAVA_HOME", oldJdk.toString()), line.split(" "));

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("Usage: mailferry " + line.replaceAll("help |\\s-.*", ""), "-h, --help")
                .doesNotContain("Building");
    }

    @Test
    void refusesAnUnknownOptionOfTest() throws Exception {
        Result result = run(Map.of("MAILFERRY_JAVA_HOME", System.getProperty("java.home")), "test", "--everything");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.output()).contains("--long");
    }

    private record Result(int exit, String output) {}

    private Result run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("./mailferry"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("JAVA_HOME", "MAILFERRY_JAVA_HOME", "MAILFERRY_HOME"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), output);
    }

    private static void executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void writeProgram(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, TellJava.class.getName());
        String entry = TellJava.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out, manifest);
                InputStream code = TellJava.class.getClassLoader().getResourceAsStream(entry)) {
            packed.putNextEntry(new JarEntry(entry));
            assertThat(code).isNotNull();
            code.transferTo(packed);
        }
    }

    /** Stands in for the command line program. */
    static final class TellJava {
        private TellJava() {}

        public static void main(String[] arguments) {
            System.out.println("java " + Runtime.version().feature() + " " + List.of(arguments));
        }
    }
}
