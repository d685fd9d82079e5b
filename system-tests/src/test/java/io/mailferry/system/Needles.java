package io.mailferry.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What is looked for: secrets as plain text, as hexadecimal digits and as base64 at each of its three alignments. */
final class Needles {
    private static final int BLOCK = 1 << 20;

    /** A shorter form would be found by chance. */
    private static final int LENGTH_MIN = 6;

    private final List<String> forms;
    private final int overlap;

    Needles(Collection<String> secrets) {
        forms = secrets.stream().distinct().flatMap(Needles::forms).toList();
        overlap = forms.stream().mapToInt(String::length).max().orElse(0);
    }

    int count() {
        return forms.size();
    }

    /** A line for each needle that is in these bytes. */
    List<String> in(String place, byte[] bytes) {
        return inText(place, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** A line for each needle in any file below this folder. */
    List<String> below(Path folder) {
        List<String> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        found.addAll(in(file));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    return goneSinceListed(failure);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** The parts go on working, and make and delete files meanwhile. */
    private static FileVisitResult goneSinceListed(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    List<String> in(Path file) {
        List<String> found = new ArrayList<>();
        byte[] block = new byte[BLOCK + overlap];
        try (var in = Files.newInputStream(file)) {
            int kept = 0;
            int count = in.readNBytes(block, 0, BLOCK);
            while (count > 0) {
                int total = kept + count;
                found.addAll(inText(
                        file.getFileName().toString(), new String(block, 0, total, StandardCharsets.ISO_8859_1)));
                kept = Math.min(overlap, total);
                System.arraycopy(block, total - kept, block, 0, kept);
                count = in.readNBytes(block, kept, BLOCK);
            }
        } catch (NoSuchFileException e) {
            // The parts go on working: a file may be gone since it was listed.
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private List<String> inText(String place, String text) {
        return forms.stream()
                .filter(text::contains)
                .map(form -> place + " holds " + form)
                .toList();
    }

    private static Stream<String> forms(String secret) {
        byte[] plain = secret.getBytes(StandardCharsets.UTF_8);
        Stream<String> encoded = Stream.of(0, 1, 2).map(shift -> base64At(plain, shift));
        String hex = HexFormat.of().formatHex(plain);
        return Stream.concat(
                        Stream.of(new String(plain, StandardCharsets.ISO_8859_1), hex, hex.toUpperCase(Locale.ROOT)),
                        encoded)
                .filter(form -> form.length() >= LENGTH_MIN);
    }

    /** The digits that the secret has in base64 whatever stands around it, when it begins at this alignment. */
    private static String base64At(byte[] secret, int shift) {
        byte[] shifted = new byte[secret.length + shift];
        System.arraycopy(secret, 0, shifted, shift, secret.length);
        String digits = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        int from = (shift * 8 + 5) / 6;
        int to = shifted.length * 8 / 6;
        return digits.substring(from, to);
    }
}
