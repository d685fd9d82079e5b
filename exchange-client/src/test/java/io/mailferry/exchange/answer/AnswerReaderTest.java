package io.mailferry.exchange.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.exchange.failure.ExchangeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerReaderTest {

    @ParameterizedTest
    @CsvSource({
        "&#x1A;, \uFFFD",
        "&#x0;, \uFFFD",
        "&#0;, \uFFFD",
        "&#xFFFE;, \uFFFD",
        "&#xD800;, \uFFFD",
        "&#99999999;, \uFFFD",
        "&#;, \uFFFD",
        "&#x41;, A",
        "&#x1F600;, \uD83D\uDE00",
        "&amp;, &",
    })
    void replacesOnlyReferencesThatAreNotXml(String reference, String expected) {
        assertThat(textOf("<a>x" + reference + "y</a>")).isEqualTo("x" + expected + "y");
    }

    @Test
    void replacesRawControlCharacters() {
        assertThat(textOf("<a>x\u0000\u001A\u000By\tz</a>")).isEqualTo("x\uFFFD\uFFFD\uFFFDy\tz");
    }

    @Test
    void replacesBrokenUtf8() {
        byte[] answer = {'<', 'a', '>', 'x', (byte) 0xC3, 'y', (byte) 0xFF, '<', '/', 'a', '>'};

        AnswerReader reader = new AnswerReader(new ByteArrayInputStream(answer));
        reader.nextChild(0);

        assertThat(reader.text(100)).isEqualTo("x\uFFFDy\uFFFD");
    }

    @Test
    void readsReferencesThatLieAcrossBufferBorders() {
        for (int padding = 16_370; padding < 16_390; padding++) {
            String text = "a".repeat(padding);
            assertThat(textOf("<a>" + text + "&#x1A;&lt;&#65;</a>")).isEqualTo(text + "\uFFFD<A");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a>x</a>",
                "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>",
                "<!DOCTYPE a [<!ENTITY e \"eeee\">]><a>&e;</a>"
            })
    void refusesDocumentTypesAndNeverResolvesEntities(String answer) {
        assertThatThrownBy(() -> textOf(answer))
                .isInstanceOfSatisfying(
                        ExchangeException.class,
                        e -> assertThat(e.failure().code()).isIn("ForbiddenXml", "UnreadableXml"));
    }

    @Test
    void refusesNestingWithoutEnd() {
        assertThatThrownBy(() -> new AnswerReader(stream("<a>".repeat(5000))).nextChild(6000))
                .isInstanceOf(ExchangeException.class);
    }

    @Test
    void cutsTextAtItsLimitAndReadsOnBehindIt() {
        AnswerReader reader = new AnswerReader(stream("<r><a>" + "s".repeat(3_000_000) + "</a><b>next</b></r>"));
        reader.nextChild(0);
        reader.nextChild(1);

        assertThat(reader.text(1000)).hasSize(1000);
        assertThat(reader.nextChild(1)).isTrue();
        assertThat(reader.word()).isEqualTo("next");
    }

    @Test
    void decodesBase64OfEveryLengthAndLineWidth() {
        Random random = new Random(7);
        for (int length = 0; length < 300; length++) {
            byte[] content = new byte[length];
            random.nextBytes(content);
            String text = Base64.getMimeEncoder(4 * (1 + random.nextInt(20)), new byte[] {'\r', '\n'})
                    .encodeToString(content);
            assertThat(decoded(text)).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"A", "AA=", "AAA", "AA", "====", "AA==AA==", "AAAA=", "A*AA", "AA\u0001A", "AA&#x1A;A", "AAé="})
    void refusesBrokenBase64(String text) {
        assertThatThrownBy(() -> decoded(text))
                .isInstanceOfSatisfying(
                        ExchangeException.class,
                        e -> assertThat(e.failure().code()).isEqualTo("BrokenBase64"));
    }

    private static byte[] decoded(String text) {
        AnswerReader reader = new AnswerReader(stream("<a>" + text + "</a>"));
        reader.nextChild(0);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        reader.base64(content::write);
        return content.toByteArray();
    }

    private static String textOf(String answer) {
        AnswerReader reader = new AnswerReader(stream(answer));
        reader.nextChild(0);
        return reader.text(1 << 20);
    }

    private static ByteArrayInputStream stream(String answer) {
        return new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8));
    }
}
