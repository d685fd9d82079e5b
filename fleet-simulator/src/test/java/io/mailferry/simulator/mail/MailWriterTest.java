package io.mailferry.simulator.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MailWriterTest {
    private static final Person OWNER = new Person("Anna", "anna@tenant.example");

    private static byte[] write(MailPlan plan) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MailWriter.write(plan, out);
        return out.toByteArray();
    }

    @Test
    void theSamePlanGivesTheSameBytes() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            MailPlan once = MailPlan.of(seed, null, OWNER, Sizes.bulk());
            MailPlan again = MailPlan.of(seed, null, OWNER, Sizes.bulk());
            assertThat(write(once)).isEqualTo(write(again));
        }
    }

    @Test
    void sizesHaveTheMedianAndTheMeanThatWereAskedFor() {
        long[] sizes = LongStream.range(0, 40_000)
                .map(seed -> MailPlan.of(seed, null, OWNER, Sizes.bulk()).bytesTarget())
                .sorted()
                .toArray();
        assertThat(sizes[sizes.length / 2]).isBetween(19_000L, 21_000L);
        assertThat(Arrays.stream(sizes).average().orElseThrow()).isBetween(65_000.0, 85_000.0);
    }

    @Test
    void bytesWrittenAreNearTheTarget() throws IOException {
        long planned = 0;
        long written = 0;
        for (long seed = 0; seed < 500; seed++) {
            MailPlan plan = MailPlan.of(seed, null, OWNER, new Sizes(20_000, 40_000, 400_000));
            planned += plan.bytesTarget();
            written += write(plan).length;
        }
        assertThat((double) written / planned).isBetween(0.8, 1.4);
    }

    @Test
    void aThousandMailsShowEveryShapeCharsetAndEncoding() throws IOException {
        Set<String> seen = new HashSet<>();
        boolean missingDate = false;
        boolean enormousHeader = false;
        boolean noSubject = false;
        for (long seed = 0; seed < 1500; seed++) {
            MailPlan plan = MailPlan.of(seed, null, OWNER, new Sizes(2_000, 4_000, 20_000));
            String mime = new String(write(plan), StandardCharsets.ISO_8859_1);
            seen.add(plan.shape().name());
            seen.add(plan.script().charsetName);
            seen.add(plan.encoding().label);
            missingDate |= !mime.contains("\r\nDate: ");
            enormousHeader |= plan.to().size() == 2000;
            noSubject |= plan.subject().isEmpty();
            assertThat(mime.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        }
        for (Shape shape : Shape.values()) {
            if (shape.isMail()) {
                assertThat(seen).contains(shape.name());
            }
        }
        assertThat(seen)
                .contains("utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "koi8-r", "shift_jis", "gb2312", "big5")
                .contains("utf-16", "7bit", "8bit", "quoted-printable", "base64");
        assertThat(missingDate).isTrue();
        assertThat(enormousHeader).isTrue();
        assertThat(noSubject).isTrue();
    }

    @Test
    void everyMailHoldsAMarkerPhraseUnlessItsEncodingHidesIt() throws IOException {
        for (long seed = 0; seed < 300; seed++) {
            MailPlan plan = MailPlan.of(seed, Shape.PLAIN, OWNER, new Sizes(2_000, 2_500, 4_000));
            boolean hidden = plan.encoding() == TransferEncoding.BASE64;
            String mime = new String(write(plan), StandardCharsets.ISO_8859_1);
            assertThat(hidden || Phrases.BODIES.stream().anyMatch(mime::contains))
                    .isTrue();
            assertThat(plan.subject().isEmpty() || Phrases.SUBJECTS.stream().anyMatch(plan.subject()::contains))
                    .isTrue();
        }
    }

    @Test
    void aVeryLargeMailIsWrittenWithoutBeingHeld() throws IOException {
        MailPlan plan = MailPlan.large(1, OWNER, 150L * 1024 * 1024);
        long[] counted = new long[2];
        MailWriter.write(plan, new OutputStream() {
            @Override
            public void write(int b) {
                counted[0]++;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                counted[0] += length;
                counted[1] = Math.max(counted[1], length);
            }
        });
        assertThat(counted[0]).isBetween(149L * 1024 * 1024, 152L * 1024 * 1024);
        assertThat(counted[1]).isLessThan(200_000);
    }

    @Test
    void encodedWordsStayWithinTheirLength() {
        String subject = "Überprüfung 中文 😀 ".repeat(30);
        for (Script script : Script.values()) {
            for (String line : HeaderText.unstructured(subject, script).split("\r\n ", -1)) {
                assertThat(line.length()).isLessThanOrEqualTo(75);
                assertThat(line).matches("=\\?[a-zA-Z0-9_-]+\\?[QB]\\?[^? ]+\\?=");
            }
        }
    }
}
