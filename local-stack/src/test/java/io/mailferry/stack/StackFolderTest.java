package io.mailferry.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StackFolderTest {
    @TempDir
    private Path folder;

    @Test
    void keepsTheTokenFromOthersAndOverARestart() throws Exception {
        StackFolder first = StackFolder.prepare(folder.resolve("data"));
        String token = first.operatorToken();
        first.release();

        StackFolder second = StackFolder.prepare(folder.resolve("data"));

        assertThat(second.operatorToken()).isEqualTo(token);
        assertThat(Files.readString(second.tokenFile(), StandardCharsets.UTF_8)).isEqualTo(token + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(second.tokenFile())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(second.path())))
                .isEqualTo("rwx------");
        assertThat(Files.readString(second.operatorsFile(), StandardCharsets.UTF_8))
                .as("services get the token's hash only")
                .doesNotContain(token);
        second.release();
    }

    @Test
    void letsNobodyElseLookIntoWhatItMakes() throws Exception {
        StackFolder made = StackFolder.prepare(folder.resolve("data"));

        for (Path folder : List.of(made.keys(), made.credentials(), made.logs())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .as(folder.toString())
                    .isEqualTo("rwx------");
        }
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(made.path().resolve("lock"))))
                .isEqualTo("rw-------");
        made.release();
    }

    @Test
    void saysThatAFileIsInTheFoldersPlace() throws Exception {
        Path file = Files.writeString(folder.resolve("README.md"), "text", StandardCharsets.UTF_8);

        assertThatThrownBy(() -> StackFolder.prepare(file))
                .isInstanceOf(StackFailure.class)
                .hasMessage("A file is where a folder is needed: " + file);
    }

    @Test
    void keepsASecondStackOutOfTheSameFolder() {
        StackFolder first = StackFolder.prepare(folder);

        assertThatThrownBy(() -> StackFolder.prepare(folder))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining("Another stack");

        first.release();
    }
}
