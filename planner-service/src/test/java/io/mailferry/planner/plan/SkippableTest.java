package io.mailferry.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SkippableTest {
    @ParameterizedTest
    @CsvSource({
        "0,0,true",
        "337,3,true",
        "428,2,true",
        "90,10,true",
        "89,10,false",
        "1089,11,true",
        "1088,11,false",
        "99000,1000,true",
        "98999,1001,false",
        "9,1,true",
        "8,1,false",
        "0,1,false",
        "9,30,false",
    })
    void allowsOnePercentOrTenItemsThatAreNoLargeShare(long read, long skipped, boolean allowed) {
        assertThat(new Skippable(1, 10, 10).allows(read, skipped)).isEqualTo(allowed);
    }

    @Test
    void allowsNothingWhereNothingMayBeSkipped() {
        assertThat(new Skippable(0, 0, 0).allows(1_000_000, 1)).isFalse();
        assertThat(new Skippable(0, 0, 0).allows(1_000_000, 0)).isTrue();
    }

    @Test
    void refusesSharesThatContradictEachOther() {
        assertThatThrownBy(() -> new Skippable(11, 10, 10)).hasMessageContaining("skipped-percent");
        assertThatThrownBy(() -> new Skippable(-1, 10, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Skippable(1, -1, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Skippable(1, 10, 101)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Skippable(Double.NaN, 10, 10)).isInstanceOf(IllegalArgumentException.class);
    }
}
