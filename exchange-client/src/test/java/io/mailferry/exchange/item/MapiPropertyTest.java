package io.mailferry.exchange.item;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class MapiPropertyTest {

    @Test
    void isKnownByItsTagHoweverAServerWritesIt() {
        for (MapiProperty property : MapiProperty.values()) {
            int tag = Integer.parseInt(property.tag().substring(2), 16);
            assertThat(MapiProperty.ofTag(property.tag())).isEqualTo(property);
            assertThat(MapiProperty.ofTag("0x" + Integer.toHexString(tag))).isEqualTo(property);
            assertThat(MapiProperty.ofTag("0X" + Integer.toHexString(tag).toUpperCase(Locale.ROOT)))
                    .isEqualTo(property);
        }
        assertThat(MapiProperty.ofTag("0x0001")).isNull();
        assertThat(MapiProperty.ofTag("Subject")).isNull();
        assertThat(MapiProperty.ofTag(null)).isNull();
    }

    @Test
    void standsInTheDescriptionOfTheArchive() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("mailferry.root"), "docs", "archive-format.md"));

        for (MapiProperty property : MapiProperty.values()) {
            assertThat(page).contains(property.tag());
        }
    }
}
