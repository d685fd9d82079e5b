package io.mailferry.restore.browsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.access.problem.ProblemException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlacesTest {
    @Test
    void sendsAwayWhoFindsNoPlaceAndLetsTheNextInOnceOneIsFree() {
        Places places = new Places(2, Duration.ZERO);

        String told = places.in(() -> places.in(() -> {
            assertThatThrownBy(() -> places.in(() -> "a third"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            away -> assertThat(away.problem().status()).isEqualTo(503));
            return "two";
        }));

        assertThat(told).isEqualTo("two");
        assertThat(places.in(() -> places.in(() -> "again"))).isEqualTo("again");
    }

    @Test
    void freesAPlaceWhenItsWorkFails() {
        Places places = new Places(1, Duration.ZERO);
        assertThatThrownBy(() -> places.in(() -> {
                    throw ProblemException.notFound();
                }))
                .isInstanceOf(ProblemException.class);

        assertThat(places.in(() -> "next")).isEqualTo("next");
    }
}
