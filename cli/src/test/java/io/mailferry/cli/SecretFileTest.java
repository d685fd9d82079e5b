package io.mailferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretFileTest {
    @TempDir
    private Path folder;

    @Test
    void leavesOnlyTheLastNewlineAway() throws Exception {
        assertThat(SecretFile.read(file(" pass word \n"), "password")).isEqualTo(" pass word ");
        assertThat(SecretFile.read(file("pass\r\n"), "password")).isEqualTo("pass");
        assertThat(SecretFile.read(file("pass"), "password")).isEqualTo("pass");
    }

    @Test
    void refusesAFileThatHoldsNoneOrSeveralLines() throws Exception {
        Path empty = file("\n");
        Path several = file("one\ntwo\n");

        assertThatThrownBy(() -> SecretFile.read(empty, "password")).hasMessageContaining("one line");
        assertThatThrownBy(() -> SecretFile.read(several, "password"))
                .hasMessageContaining("one line")
                .hasMessageNotContaining("two");
    }

    private Path file(String text) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "secret", ""), text, StandardCharsets.UTF_8);
    }
}
