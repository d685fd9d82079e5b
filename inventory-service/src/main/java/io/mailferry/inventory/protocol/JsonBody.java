package io.mailferry.inventory.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mailferry.access.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the body of a request within its limit. */
public final class JsonBody {
    /** Bytes of one request's body. */
    public static final int BYTES_MAX = 1024 * 1024;

    private static final String WHOLE = "body";
    private static final int NESTING_MAX = 20;
    /** Three times what the largest permitted status needs. Without it, a few bytes of JSON become an object each. */
    private static final int TOKENS_MAX = 500_000;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_MAX)
                            .maxTokenCount(TOKENS_MAX)
                            .maxNumberLength(30)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /** @throws ProblemException 413 over the limit, 400 if it is not one JSON object */
    public static Field read(InputStream body) {
        byte[] bytes;
        try {
            bytes = body.readNBytes(BYTES_MAX + 1);
        } catch (IOException e) {
            throw ProblemException.invalid(WHOLE, "The body broke off.");
        }
        if (bytes.length > BYTES_MAX) {
            throw ProblemException.tooLarge("The body is over " + BYTES_MAX + " bytes.");
        }
        return parse(bytes);
    }

    /** @throws ProblemException 400 if it is not one JSON object */
    public static Field parse(byte[] bytes) {
        JsonNode root;
        try {
            root = MAPPER.readTree(utf8(bytes));
        } catch (CharacterCodingException e) {
            throw ProblemException.invalid(WHOLE, "The body is not text in UTF-8.");
        } catch (JsonProcessingException e) {
            // The parser's own text may quote the body.
            throw ProblemException.invalid(WHOLE, "The body cannot be read as JSON.");
        }
        if (root == null || !root.isObject()) {
            throw ProblemException.invalid(WHOLE, "The body is not a JSON object.");
        }
        return new Field("", root);
    }

    /** The parser by itself also takes characters in forms that are too long, halves of pairs, and other encodings. */
    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
