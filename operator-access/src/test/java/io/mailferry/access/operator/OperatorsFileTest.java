package io.mailferry.access.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.contracts.id.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorsFileTest {
    private static final String SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path folder;

    @Test
    void knowsAnOperatorByToken() throws IOException {
        TenantId tenant = TenantId.random();
        OperatorsFile operators = new OperatorsFile(write(entry("ann", "\"operator\"", "\"" + tenant + "\"")));
        Operator ann = operators.byToken("abc").orElseThrow();
        assertThat(ann.grants().roles()).containsExactlyInAnyOrder(Roles.OPERATOR, Roles.VIEWER);
        assertThat(ann.grants().tenants().include(tenant)).isTrue();
        assertThat(ann.grants().tenants().include(TenantId.random())).isFalse();
        assertThat(operators.byToken("abcd")).isEmpty();
    }

    @Test
    void forgetsAnOperatorWhoWasTakenOutOfTheFile() throws IOException {
        Path file = write(entry("ann", "\"admin\"", "\"*\""));
        OperatorsFile operators = new OperatorsFile(file);
        Files.writeString(file, "[]");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        assertThat(operators.byToken("abc")).isEmpty();
    }

    @Test
    void keepsTheLastGoodListWhenTheFileBreaks() throws IOException {
        Path file = write(entry("ann", "\"admin\"", "\"*\""));
        OperatorsFile operators = new OperatorsFile(file);
        Files.writeString(file, "[{");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        assertThat(operators.byToken("abc")).isPresent();
    }

    @Test
    void refusesWhatIsNoListOfOperators() throws IOException {
        for (String wrong : new String[] {
            "{}",
            "[{}]",
            entry("ann", "\"emperor\"", "\"*\""),
            entry("ann", "\"viewer\"", "\"everything\""),
            entry("ann", "\"viewer@everything\"", "\"*\""),
            "[" + inner("a", "\"viewer\"", "\"*\"") + "," + inner("b", "\"viewer\"", "\"*\"") + "]"
        }) {
            Path file = write(wrong);
            assertThatThrownBy(() -> new OperatorsFile(file))
                    .as(wrong)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("mailferry.operators.file");
        }
        assertThatThrownBy(() -> new OperatorsFile(folder.resolve("absent")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mailferry.operators.file");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("operators.json"), text);
    }

    private static String entry(String name, String roles, String tenants) {
        return "[" + inner(name, roles, tenants) + "]";
    }

    private static String inner(String name, String roles, String tenants) {
        return "{\"name\":\"" + name + "\",\"tokenSha256\":\"" + SHA256_OF_ABC + "\",\"roles\":[" + roles
                + "],\"tenants\":[" + tenants + "]}";
    }
}
