package io.mailferry.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClaimTest {
    @TempDir
    private Path folder;

    @Test
    void refusesTheSecondAndNamesTheFirst() {
        Path file = folder.resolve("new").resolve("lock");
        Claim first = Claim.take(file, "Taken");

        assertThatThrownBy(() -> Claim.take(file, "Somebody is here"))
                .isInstanceOf(StackFailure.class)
                .hasMessage(
                        "Somebody is here (process " + ProcessHandle.current().pid() + ").");

        first.close();
        Claim.take(file, "Taken").close();
    }

    @Test
    void hasNoHolderBeforeAndAfter() {
        Path file = folder.resolve("lock");
        assertThat(Claim.holder(file)).isEmpty();
        Claim claim = Claim.take(file, "Taken");
        assertThat(Claim.holder(file)).contains(ProcessHandle.current());

        claim.close();

        assertThat(Claim.holder(file)).isEmpty();
    }

    @Test
    void takesNoOtherProcessForTheHolder() throws Exception {
        Path file = folder.resolve("lock");
        Files.writeString(file, ProcessHandle.current().pid() + " 1999-01-01T00:00:00Z", StandardCharsets.UTF_8);
        assertThat(Claim.holder(file)).as("the same number, another start").isEmpty();

        Files.writeString(file, "not a process", StandardCharsets.UTF_8);
        assertThat(Claim.holder(file)).isEmpty();
    }

    @Test
    void lastsThoughNobodyKeepsIt() {
        Path file = folder.resolve("lock");
        Claim.take(file, "Taken");

        for (int round = 0; round < 20; round++) {
            System.gc();
            assertThatThrownBy(() -> Claim.take(file, "Taken").close()).isInstanceOf(StackFailure.class);
        }
    }
}
