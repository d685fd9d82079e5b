package io.mailferry.inventory.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.access.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FieldTest {
    private static Field parse(String json) {
        return JsonBody.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void namesTheWholePath() {
        Field body = parse("{\"a\":[{\"b\":1},{\"b\":\"x\"}]}");
        assertThat(body.at("a").elements(2).getFirst().at("b").count(1)).isEqualTo(1);
        assertThatThrownBy(() -> body.at("a").elements(2).get(1).at("b").count(1))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().field()).isEqualTo("a[1].b"));
        assertThatThrownBy(() -> body.at("a").elements(2).get(1).at("c"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().field()).isEqualTo("a[1].c"));
    }

    @Test
    void takesNullForAbsent() {
        assertThat(parse("{\"a\":null}").ifPresent("a")).isEmpty();
    }

    @Test
    void takesWholeNumbersOnly() {
        for (String number : new String[] {"-1", "1.0", "1e3", "9223372036854775808", "true", "\"1\"", "[1]"}) {
            assertThatThrownBy(() -> parse("{\"a\":" + number + "}").at("a").count(Long.MAX_VALUE))
                    .as(number)
                    .isInstanceOf(ProblemException.class);
        }
        assertThat(parse("{\"a\":9223372036854775807}").at("a").count(Long.MAX_VALUE))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void keepsInstantsToTheMillisecond() {
        assertThat(parse("{\"a\":\"2026-01-01T00:00:00.123456789Z\"}").at("a").instant())
                .hasToString("2026-01-01T00:00:00.123Z");
    }

    @Test
    void neverQuotesWhatItRefuses() {
        assertThatThrownBy(() -> parse("{\"a\":\"the secret\"}").at("a").count(1))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e + String.valueOf(e.problem())).doesNotContain("secret"));
        assertThatThrownBy(() -> parse("{\"a\": the secret}"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e + String.valueOf(e.problem()) + e.getCause())
                                .doesNotContain("secret"));
    }

    /** Random bytes and randomly damaged JSON end as a problem or as a field, never as another failure. */
    @Test
    void failsByProblemsOnlyWhateverTheBytes() {
        SplittableRandom random = new SplittableRandom(20260401);
        byte[] good = "{\"sequence\":1,\"list\":[{\"text\":\"\\u00e9\"}],\"deep\":{\"er\":[[[]]]}}"
                .getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = good.clone();
            for (int times = random.nextInt(1, 6); times > 0; times--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                JsonBody.read(new ByteArrayInputStream(damaged)).at("sequence").count(5);
            } catch (ProblemException e) {
                refused++;
                assertThat(e.problem().status()).isEqualTo(400);
                assertThat(e.problem().field()).isNotEmpty();
            }
        }
        assertThat(refused).isGreaterThan(10_000);
    }
}
