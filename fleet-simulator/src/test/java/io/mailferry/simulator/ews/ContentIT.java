package io.mailferry.simulator.ews;

import static io.mailferry.simulator.ews.SimulatedExchange.WITH_MIME;
import static io.mailferry.simulator.ews.SimulatedExchange.all;
import static io.mailferry.simulator.ews.SimulatedExchange.getItem;
import static io.mailferry.simulator.ews.SimulatedExchange.parse;
import static io.mailferry.simulator.ews.SimulatedExchange.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

class ContentIT {
    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] mime(Document answer, int index) {
        return Base64.getDecoder().decode(all(answer, "MimeContent").get(index).getTextContent());
    }

    @Test
    void whatGetItemGivesIsWhatTheTruthSays() throws Exception {
        try (SimulatedExchange exchange = SimulatedExchange.start(200)) {
            List<JsonNode> truth = exchange.truth();
            assertThat(truth).hasSize(200);
            for (int from = 0; from < truth.size(); from += 10) {
                List<JsonNode> batch = truth.subList(from, Math.min(truth.size(), from + 10));
                Document answer = exchange.call(getItem(
                        WITH_MIME,
                        batch.stream().map(line -> line.get("itemId").asText()).toArray(String[]::new)));
                for (int i = 0; i < batch.size(); i++) {
                    byte[] mime = mime(answer, i);
                    assertThat(mime.length)
                            .isEqualTo(batch.get(i).get("mimeBytes").asInt());
                    assertThat(sha256(mime))
                            .isEqualTo(batch.get(i).get("mimeSha256").asText());
                    assertThat(all(answer, "ItemId").get(i).getAttribute("Id"))
                            .isEqualTo(batch.get(i).get("itemId").asText());
                }
            }
        }
    }

    @Test
    void twoSimulatorsOfOneSeedAgree() throws Exception {
        try (SimulatedExchange one = SimulatedExchange.start(100);
                SimulatedExchange other = SimulatedExchange.start(100)) {
            assertThat(one.truth()).isEqualTo(other.truth());
            one.change("{\"seed\": 9, \"create\": 10, \"move\": 10, \"delete\": 10, \"update\": 10}");
            assertThat(one.truth()).isNotEqualTo(other.truth());
            other.change("{\"seed\": 9, \"create\": 10, \"move\": 10, \"delete\": 10, \"update\": 10}");
            assertThat(one.truth()).isEqualTo(other.truth());
        }
    }

    @Test
    void aMoveKeepsTheContentAndTheSearchKey() throws Exception {
        try (SimulatedExchange exchange = SimulatedExchange.start(80)) {
            List<String> hashes = exchange.truth().stream()
                    .map(line -> line.get("mimeSha256").asText())
                    .sorted()
                    .toList();
            exchange.change("{\"seed\": 4, \"move\": 30}");
            assertThat(exchange.truth().stream()
                            .map(line -> line.get("mimeSha256").asText())
                            .sorted()
                            .toList())
                    .isEqualTo(hashes);
        }
    }

    @Test
    void messagesOfTheCorpusComeByteForByte(@TempDir Path corpus) throws Exception {
        byte[] odd = "Subject: =?broken\r\nX: \0\1\u001a\n\nno end".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(corpus.resolve("odd.eml"), odd);
        Files.write(corpus.resolve("empty.eml"), new byte[0]);
        Files.writeString(corpus.resolve("ignored.txt"), "no mail");
        try (SimulatedExchange exchange = SimulatedExchange.start(10, ", \"corpus\": true", corpus)) {
            List<JsonNode> lines = exchange.truth().stream()
                    .filter(line -> line.get("folder").get(0).asText().equals("Corpus"))
                    .toList();
            assertThat(lines).hasSize(2);
            String shape = "<t:BaseShape>AllProperties</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent>";
            Document answer = exchange.call(getItem(
                    shape,
                    lines.get(0).get("itemId").asText(),
                    lines.get(1).get("itemId").asText()));
            assertThat(mime(answer, 0)).isEmpty();
            assertThat(mime(answer, 1)).isEqualTo(odd);
        }
    }

    @Test
    void anItemFarLargerThanTheRestIsStreamed() throws Exception {
        try (SimulatedExchange exchange = SimulatedExchange.start(20, ", \"largeBytes\": [12000000]", null)) {
            JsonNode large = exchange.truth().stream()
                    .filter(line -> line.get("mimeBytes").asLong() > 11_900_000)
                    .findFirst()
                    .orElseThrow();
            Document answer =
                    exchange.call(getItem(WITH_MIME, large.get("itemId").asText()));
            assertThat(sha256(mime(answer, 0)))
                    .isEqualTo(large.get("mimeSha256").asText());
        }
    }

    @Test
    void corruptAndUnconvertibleItemsFailAloneInTheirBatch() throws Exception {
        try (SimulatedExchange exchange =
                SimulatedExchange.start(50, ", \"spoiled\": {\"corrupt\": 1, \"conversionFailed\": 1}", null)) {
            String corrupt = spoiled(exchange, "corrupt", false);
            String unconvertible = spoiled(exchange, "conversionFailed", false);
            String healthy = exchange.truth().stream()
                    .filter(line -> line.get("spoiled") == null)
                    .findFirst()
                    .orElseThrow()
                    .get("itemId")
                    .asText();
            Document answer = exchange.call(getItem(WITH_MIME, corrupt, healthy, unconvertible));
            assertThat(all(answer, "ResponseCode").stream().map(Element::getTextContent))
                    .containsExactly("ErrorItemCorrupt", "NoError", "ErrorContentConversionFailed");
            assertThat(text(exchange.call(getItem("<t:BaseShape>IdOnly</t:BaseShape>", unconvertible)), "ResponseCode"))
                    .isEqualTo("NoError");
            assertThat(text(exchange.call(export(unconvertible)), "ResponseCode"))
                    .isEqualTo("ErrorCorruptData");
        }
    }

    @Test
    void controlCharactersBreakAnXmlParserAndAreRecoverableOnlyInTheSubject() throws Exception {
        try (SimulatedExchange exchange = SimulatedExchange.start(
                50, ", \"spoiled\": {\"controlCharactersInSubject\": 1, \"controlCharactersInContent\": 1}", null)) {
            String inSubject = spoiled(exchange, "controlCharactersInSubject", true);
            String inContent = spoiled(exchange, "controlCharactersInContent", false);
            byte[] subjectAnswer = exchange.post(getItem(
                            "<t:BaseShape>Default</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent>",
                            inSubject))
                    .body();
            assertThatThrownBy(() -> parse(subjectAnswer)).isInstanceOf(SAXException.class);
            String hash = exchange.truth().stream()
                    .filter(line -> line.get("itemId").asText().equals(inSubject))
                    .findFirst()
                    .orElseThrow()
                    .get("mimeSha256")
                    .asText();
            assertThat(sha256(mime(parse(cleaned(subjectAnswer)), 0))).isEqualTo(hash);

            byte[] contentAnswer = exchange.post(getItem(WITH_MIME, inContent)).body();
            assertThatThrownBy(() -> parse(contentAnswer)).isInstanceOf(SAXException.class);
            String base64 = text(parse(cleaned(contentAnswer)), "MimeContent");
            assertThatThrownBy(() -> Base64.getDecoder().decode(base64)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Base64.getMimeDecoder().decode(base64))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static byte[] cleaned(byte[] answer) {
        return new String(answer, StandardCharsets.UTF_8)
                .replaceAll("&#x[0-9A-F]+;|[\\x00-\\x08\\x0B-\\x1F]", "")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void healedItemsAreWhole() throws Exception {
        try (SimulatedExchange exchange = SimulatedExchange.start(50, ", \"spoiled\": {\"corrupt\": 2}", null)) {
            String id = spoiled(exchange, "corrupt", false);
            assertThat(exchange.change("{\"heal\": true}").get("healed").asInt())
                    .isEqualTo(2);
            assertThat(text(exchange.call(getItem(WITH_MIME, id)), "ResponseCode"))
                    .isEqualTo("NoError");
        }
    }

    @Test
    void exportedItemsHoldTheirMime() throws Exception {
        try (SimulatedExchange exchange = SimulatedExchange.start(20)) {
            JsonNode line = exchange.truth().getFirst();
            Document answer = exchange.call(export(line.get("itemId").asText()));
            byte[] data = Base64.getDecoder().decode(text(answer, "Data"));
            int zero = IntStream.range(0, data.length)
                    .filter(i -> data[i] == 0)
                    .findFirst()
                    .orElseThrow();
            byte[] mime = java.util.Arrays.copyOfRange(data, zero + 1, data.length);
            assertThat(sha256(mime)).isEqualTo(line.get("mimeSha256").asText());
        }
    }

    private static String export(String id) {
        return "<m:ExportItems><m:ItemIds><t:ItemId Id=\"" + id + "\"/></m:ItemIds></m:ExportItems>";
    }

    private static String spoiled(SimulatedExchange exchange, String kind, boolean readable) throws Exception {
        JsonNode line = exchange.truth().stream()
                .filter(candidate -> candidate.path("spoiled").asText().equals(kind))
                .findFirst()
                .orElseThrow();
        assertThat(line.get("readable").asBoolean()).isEqualTo(readable);
        return line.get("itemId").asText();
    }

    @Test
    void namedMapiPropertiesComeWithTheItem() throws Exception {
        try (SimulatedExchange exchange = SimulatedExchange.start(20)) {
            String shape = "<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
                    + "<t:FieldURI FieldURI=\"item:ItemClass\"/><t:FieldURI FieldURI=\"item:ParentFolderId\"/>"
                    + "<t:ExtendedFieldURI PropertyTag=\"0x0E07\" PropertyType=\"Integer\"/>"
                    + "<t:ExtendedFieldURI PropertyTag=\"0x300B\" PropertyType=\"Binary\"/>"
                    + "<t:ExtendedFieldURI PropertyTag=\"0x7FFF\" PropertyType=\"String\"/></t:AdditionalProperties>";
            String id = exchange.truth().getFirst().get("itemId").asText();
            Document answer = exchange.call(getItem(shape, id));
            assertThat(all(answer, "ExtendedProperty")).hasSize(2);
            assertThat(all(answer, "ExtendedFieldURI").getFirst().getAttribute("PropertyTag"))
                    .isEqualTo("0xe07");
            assertThat(text(answer, "ItemClass")).startsWith("IPM.");
            assertThat(all(answer, "ParentFolderId")).hasSize(1);
        }
    }
}
