package io.mailferry.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.inventory.FuzzedRequest.Expected;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;

/**
 * What a fuzzer does to good heartbeats. Where the protocol says what has to come of it, that is expected to the letter:
 * the status, and the field that is blamed.
 */
final class Mutations {
    /** Stands in every text of a person or a customer, so that it can be looked for wherever it must not turn up. */
    static final String PERSONAL = "qanary";

    /** Replaced in the body's text, since no JSON tree can hold what is put there. */
    private static final String HOLE = "@@hole@@";

    private static final Set<String> OPTIONAL = Set.of(
            "status",
            "running",
            "results",
            "status.server.build",
            "status.server.product",
            "status.server.plannedUpdate",
            "status.backupSets[].lastJob",
            "status.backupSets[].publicFolders",
            "running[].phase",
            "running[].percent",
            "results[].cause",
            "results[].detail");

    /** Nobody looks at these: they belong to a command that is not known, or to a newer agent. */
    private static final List<String> IGNORED = List.of("results[].detail", "noise", "status.noise");

    /** A value of the heartbeat, and where it is. */
    private record Place(JsonNode parent, String name, int index, String path) {
        JsonNode value() {
            return parent.isObject() ? parent.get(name) : parent.get(index);
        }

        void put(JsonNode value) {
            if (parent instanceof ObjectNode object) {
                object.set(name, value);
            } else {
                ((ArrayNode) parent).set(index, value);
            }
        }

        /** The path with all elements of a list taken for one. */
        String kind() {
            return path.replaceAll("\\[[0-9]+]", "[]");
        }

        boolean isIgnored() {
            return IGNORED.stream().anyMatch(ignored -> kind().startsWith(ignored));
        }
    }

    private final Random random;

    Mutations(Random random) {
        this.random = random;
    }

    private <T> T any(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    private static List<Place> places(JsonNode root) {
        List<Place> places = new ArrayList<>();
        collect(root, "", places);
        return places;
    }

    private static void collect(JsonNode node, String path, List<Place> places) {
        if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(name -> {
                String at = path.isEmpty() ? name : path + "." + name;
                places.add(new Place(object, name, -1, at));
                collect(object.get(name), at, places);
            });
        } else if (node instanceof ArrayNode array) {
            for (int index = 0; index < array.size(); index++) {
                String at = path + "[" + index + "]";
                places.add(new Place(array, "", index, at));
                collect(array.get(index), at, places);
            }
        }
    }

    private Place place(ObjectNode body, Predicate<Place> which) {
        return any(places(body).stream().filter(which).toList());
    }

    /** Any but those that decide on letting it in, which have kinds of their own. */
    private Place textPlace(ObjectNode body) {
        return place(body, place -> place.value().isTextual() && !place.path().equals("bootId"));
    }

    static byte[] bytes(JsonNode body) {
        return utf8(body.toString());
    }

    private static byte[] filled(ObjectNode body, String filling) {
        return utf8(body.toString().replace("\"" + HOLE + "\"", filling));
    }

    /** Half a surrogate pair has no bytes in UTF-8; JSON can escape it all the same. */
    private static byte[] utf8(String json) {
        StringBuilder text = new StringBuilder(json.length());
        json.codePoints().forEach(code -> {
            if (Character.getType(code) == Character.SURROGATE) {
                text.append("\\u").append(HexFormat.of().toHexDigits((char) code));
            } else {
                text.appendCodePoint(code);
            }
        });
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    FuzzedRequest flipsBits(FuzzedRequest good, ObjectNode body) {
        byte[] flipped = bytes(body);
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return good.with(flipped, new Expected(Set.of(200, 400, 409), null));
    }

    FuzzedRequest truncates(FuzzedRequest good, ObjectNode body) {
        byte[] whole = bytes(body);
        return good.with(Arrays.copyOf(whole, random.nextInt(whole.length)), Expected.refused(Expected.WHOLE));
    }

    /** Bytes that are no UTF-8, also those that a lenient reader takes for characters: too long forms and half pairs. */
    FuzzedRequest breaksUtf8(FuzzedRequest good, ObjectNode body) {
        int[][] broken = {
            {0xFF},
            {0xC3, 0x28},
            {0xE2, 0x28, 0xA1},
            {0xF0, 0x9F, 0x98},
            {0x80},
            {0xC0, 0xAF},
            {0xC0, 0x80},
            {0xED, 0xA0, 0x80},
            {0xF4, 0x90, 0x80, 0x80}
        };
        if (random.nextInt(4) == 0) {
            return good.with(
                    body.toString()
                            .getBytes(random.nextBoolean() ? StandardCharsets.UTF_16 : StandardCharsets.UTF_16LE),
                    Expected.refused(Expected.WHOLE));
        }
        if (random.nextBoolean()) {
            body.put("noise", HOLE);
        } else {
            textPlace(body).put(JsonNodeFactory.instance.textNode(HOLE));
        }
        String[] parts = body.toString().split(HOLE, -1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(parts[0].getBytes(StandardCharsets.UTF_8));
        for (int octet : broken[random.nextInt(broken.length)]) {
            bytes.write(octet);
        }
        bytes.writeBytes(parts[1].getBytes(StandardCharsets.UTF_8));
        return good.with(bytes.toByteArray(), Expected.refused(Expected.WHOLE));
    }

    FuzzedRequest nests(FuzzedRequest good, ObjectNode body) {
        int depth = random.nextBoolean() ? 1 + random.nextInt(40) : 1 + random.nextInt(5_000);
        boolean arrays = random.nextBoolean();
        boolean closed = random.nextInt(5) > 0;
        String nested = arrays
                ? "[".repeat(depth) + (closed ? "]".repeat(depth) : "")
                : "{\"a\":".repeat(depth) + "1" + (closed ? "}".repeat(depth) : "");
        byte[] bytes = filled(body.put("noise", HOLE), nested);
        // The body itself is the first level of twenty.
        return good.with(bytes, closed && depth < 20 ? Expected.taken() : Expected.refused(Expected.WHOLE));
    }

    FuzzedRequest putsNumbers(FuzzedRequest good, ObjectNode body) {
        Place place = place(body, it -> it.value().isNumber() && !it.path().equals("sequence"));
        boolean small = place.path().endsWith("percent") || place.path().endsWith("attempt");
        String good64 = small ? "7" : Long.toString(Long.MAX_VALUE);
        String text = any(List.of(
                good64,
                "0",
                "-1",
                "9223372036854775808",
                "1e400",
                "-1e400",
                "0.5",
                "1E2",
                "1" + "0".repeat(29),
                "1" + "0".repeat(31),
                "9".repeat(5_000),
                "NaN",
                "Infinity",
                "01",
                "+1",
                "0x10",
                "1.",
                ".5",
                "--1"));
        place.put(JsonNodeFactory.instance.textNode(HOLE));
        boolean isJson = text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][0-9]+)?") && text.length() <= 30;
        Expected expected = !isJson
                ? Expected.refused(Expected.WHOLE)
                : place.isIgnored() || text.equals(good64) || text.equals("0")
                        ? Expected.taken()
                        : Expected.refused(place.path());
        return good.with(filled(body, text), expected);
    }

    FuzzedRequest changesTypes(FuzzedRequest good, ObjectNode body) {
        Place place = any(places(body));
        JsonNode was = place.value();
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        List<JsonNode> others = List.of(
                nodes.numberNode(7),
                nodes.textNode(PERSONAL + "@example.test"),
                nodes.booleanNode(true),
                nodes.arrayNode().add(PERSONAL),
                nodes.objectNode().put(PERSONAL, 1),
                nodes.nullNode());
        JsonNode now = any(others.stream()
                .filter(other -> other.getNodeType() != was.getNodeType())
                .toList());
        place.put(now);
        boolean fine = place.isIgnored() || now.isNull() && OPTIONAL.contains(place.kind());
        return good.with(bytes(body), fine ? Expected.taken() : Expected.refused(place.path()));
    }

    FuzzedRequest addsFields(FuzzedRequest good, ObjectNode body) {
        List<Place> places = places(body.deepCopy());
        List<ObjectNode> objects = new ArrayList<>(List.of(body));
        places(body).stream()
                .map(Place::value)
                .filter(JsonNode::isObject)
                .forEach(object -> objects.add((ObjectNode) object));
        for (int fields = 1 + random.nextInt(5); fields > 0; fields--) {
            String name = any(List.of(
                    "noise",
                    "tenant",
                    "agentId",
                    "__proto__",
                    "",
                    " ",
                    "é",
                    "\uD83D\uDE00",
                    "a.b[0]",
                    PERSONAL,
                    "x".repeat(1_000),
                    "status ",
                    "\u0000"));
            any(objects).set(name, any(places).value());
        }
        return good.with(bytes(body), Expected.taken());
    }

    FuzzedRequest removesAField(FuzzedRequest good, ObjectNode body) {
        Place place = place(body, it -> it.parent().isObject());
        ((ObjectNode) place.parent()).remove(place.name());
        boolean fine = place.isIgnored() || OPTIONAL.contains(place.kind());
        return good.with(bytes(body), fine ? Expected.taken() : Expected.refused(place.path()));
    }

    FuzzedRequest repeatsAKey(FuzzedRequest good, ObjectNode body) {
        Place place = place(body, it -> it.parent().isObject());
        ((ObjectNode) place.parent())
                .set(HOLE, random.nextBoolean() ? place.value() : JsonNodeFactory.instance.nullNode());
        return good.with(filled(body, "\"" + place.name() + "\""), Expected.refused(Expected.WHOLE));
    }

    FuzzedRequest changesTexts(FuzzedRequest good, ObjectNode body) {
        Place place = textPlace(body);
        List<String> never = List.of(
                "",
                "   ",
                "a\u0000b",
                "\u0007",
                "\uD800",
                "x\uDC00",
                "\uFFFF",
                PERSONAL.repeat(2_000),
                "a\nb",
                "\u0085");
        List<String> perhaps = List.of(
                "x",
                "😀".repeat(20),
                "\u202Eabc",
                "' OR 1=1 --",
                "${jndi:ldap://x}",
                "%s%n",
                "<b>",
                "a".repeat(255),
                "0",
                "null",
                "\u200B",
                "Ⅷ",
                "ß@ẞ",
                "-1",
                "15.0.1497.2",
                "../../etc");
        boolean refused = random.nextBoolean();
        place.put(JsonNodeFactory.instance.textNode(any(refused ? never : perhaps)));
        Expected expected = place.isIgnored()
                ? Expected.taken()
                : refused ? Expected.refused(place.path()) : Expected.either(place.path());
        return good.with(bytes(body), expected);
    }

    FuzzedRequest changesTimes(FuzzedRequest good, ObjectNode body) {
        Place place = place(body, it -> it.name().equals("sentAt") || it.name().equals("at"));
        List<String> wrong = List.of(
                "1969-12-31T23:59:59Z",
                "0000-01-01T00:00:00Z",
                "-0001-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "9999-12-31T00:00:00.001Z",
                "+999999999-12-31T23:59:59Z",
                "-999999999-01-01T00:00:00Z",
                "2026-02-30T00:00:00Z",
                "2026-01-01",
                "2026-01-01T00:00:00",
                "1767225600",
                "2026-13-01T00:00:00Z",
                "now",
                "2026-01-01T00:00:00+99:00");
        List<String> right = List.of(
                "1970-01-01T00:00:00Z",
                "9999-12-31T00:00:00Z",
                "2026-01-01T00:00:00.123456789Z",
                "2000-02-29T12:00:00Z");
        boolean refused = random.nextInt(3) > 0;
        place.put(JsonNodeFactory.instance.textNode(any(refused ? wrong : right)));
        return good.with(bytes(body), refused ? Expected.refused(place.path()) : Expected.taken());
    }

    FuzzedRequest makesItLong(FuzzedRequest good, ObjectNode body) {
        return switch (random.nextInt(6)) {
            case 0 -> good.with(bytes(many(body, "running")), Expected.refused("running"));
            case 1 -> good.with(bytes(many(body, "results")), Expected.refused("results"));
            case 2 ->
                good.with(
                        bytes(many((ObjectNode) body.get("status"), "backupSets", body)),
                        Expected.refused("status.backupSets"));
            case 3 -> {
                ArrayNode sets = (ArrayNode) body.at("/status/backupSets");
                sets.add(sets.get(0).deepCopy());
                yield good.with(bytes(body), Expected.refused("status.backupSets[" + (sets.size() - 1) + "].ref"));
            }
            case 4 -> {
                ArrayNode mailboxes = (ArrayNode) body.at("/status/backupSets/0/mailboxes");
                mailboxes.add(mailboxes.get(0).deepCopy());
                yield good.with(
                        bytes(body),
                        Expected.refused(
                                "status.backupSets[0].mailboxes[" + (mailboxes.size() - 1) + "].exchangeGuid"));
            }
            default -> {
                ArrayNode mailboxes = (ArrayNode) body.at("/status/backupSets/0/mailboxes");
                for (int number = 0; number <= 10_000; number++) {
                    mailboxes
                            .addObject()
                            .put("exchangeGuid", new UUID(9, number).toString())
                            .put("address", "a@b");
                }
                yield good.with(bytes(body), Expected.refused("status.backupSets[0].mailboxes"));
            }
        };
    }

    private static ObjectNode many(ObjectNode body, String list) {
        return many(body, list, body);
    }

    private static ObjectNode many(ObjectNode parent, String list, ObjectNode body) {
        JsonNode one = parent.get(list).get(0);
        ArrayNode all = parent.putArray(list);
        for (int number = 0; number <= 1_000; number++) {
            all.add(number == 0 ? one : JsonNodeFactory.instance.objectNode());
        }
        return body;
    }

    FuzzedRequest padsBeyondTheLimit(FuzzedRequest good, ObjectNode body) {
        int bytes = (1 << 20) + random.nextInt(1 << 20);
        return good.with(bytes(body.put("noise", "x".repeat(bytes))), new Expected(Set.of(413), Expected.WHOLE));
    }

    FuzzedRequest garblesGzip(FuzzedRequest good, ObjectNode body) {
        FuzzedRequest compressed = good.with("Content-Encoding", any(List.of("gzip", "GZIP", "x-gzip")));
        byte[] whole = gzip(bytes(body));
        return switch (random.nextInt(5)) {
            case 0 -> compressed.with(whole, Expected.taken());
            case 1 ->
                compressed.with(Arrays.copyOf(whole, random.nextInt(whole.length)), Expected.refused(Expected.WHOLE));
            case 2 -> compressed.with(bytes(body), Expected.refused(Expected.WHOLE));
            case 3 -> {
                // Beyond the head, whose flags may be anything.
                whole[10 + random.nextInt(whole.length - 10)] ^= (byte) (1 << random.nextInt(8));
                yield compressed.with(whole, Expected.refused(Expected.WHOLE));
            }
            default ->
                compressed.with(
                        gzip(bytes(body.put("noise", " ".repeat((8 << 20) + random.nextInt(4 << 20))))),
                        new Expected(Set.of(413), Expected.WHOLE));
        };
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    /** As a damaged or a newer agent would: several at once, of which any may be blamed. */
    FuzzedRequest doesSeveral(FuzzedRequest good, ObjectNode body) {
        FuzzedRequest last = good;
        for (int times = 2 + random.nextInt(4); times > 0; times--) {
            last = switch (random.nextInt(5)) {
                case 0 -> changesTypes(good, body);
                case 1 -> addsFields(good, body);
                case 2 -> removesAField(good, body);
                case 3 ->
                    places(body).stream()
                                    .anyMatch(it ->
                                            it.value().isTextual() && !it.path().equals("bootId"))
                            ? changesTexts(good, body)
                            : addsFields(good, body);
                default -> good;
            };
        }
        return last.with(bytes(body), new Expected(Set.of(200, 400, 409), null));
    }
}
