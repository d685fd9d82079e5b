package io.mailferry.inventory.build;

import io.mailferry.contracts.exchange.ExchangeBuild;
import jakarta.inject.Singleton;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The catalogue of Exchange builds. The build is the key: the name of a rollup is not unique, and an installed build that
 * the catalogue lacks is common, since it knows no security update from before March 2021 and none from after its own day.
 * Such a build is named by its nearest lower neighbour, never guessed to be one of the known ones.
 */
@Singleton
public final class ExchangeBuilds {
    private static final String CATALOGUE = "exchange-builds.csv";
    private static final int COLUMNS = 5;
    private static final Pattern ON_TOP = Pattern.compile(" [A-Z][a-z]{2}\\d{2}[SH]U(v\\d+)?$");

    private final NavigableMap<ExchangeBuild, Release> releases;

    ExchangeBuilds() {
        this.releases = read();
    }

    /**
     * One row.
     *
     * @param update such as {@code CU23 Mar23SU}
     */
    record Release(String product, String update, LocalDate releasedOn) {
        /** What lies below a security update or hotfix: {@code CU23}. */
        String baseUpdate() {
            return ON_TOP.matcher(update).replaceFirst("");
        }
    }

    /** Every known build, oldest first. */
    List<NamedBuild> all() {
        return releases.entrySet().stream()
                .map(entry -> NamedBuild.known(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** The name of any build; one that the catalogue lacks is named by what is nearest below. */
    public NamedBuild name(ExchangeBuild build) {
        Release exact = releases.get(build);
        return exact == null ? unknown(build) : NamedBuild.known(build, exact);
    }

    private NamedBuild unknown(ExchangeBuild build) {
        Map.Entry<ExchangeBuild, Release> below = releases.lowerEntry(build);
        if (below == null || !sameProduct(below.getKey(), build)) {
            return new NamedBuild(
                    build.toString(), productOfOlder(build), "older than any known build", false, null, false, null);
        }
        Release nearest = below.getValue();
        // Within one cumulative update only the last number rises, by what is installed on top of it.
        boolean onTop = below.getKey().majorBuild() == build.majorBuild();
        String known = onTop ? nearest.baseUpdate() + " + SU" : "unknown update";
        return new NamedBuild(
                build.toString(),
                nearest.product(),
                known + ", nearest " + nearest.update(),
                false,
                below.getKey().toString(),
                onTop,
                null);
    }

    private String productOfOlder(ExchangeBuild build) {
        Map.Entry<ExchangeBuild, Release> above = releases.higherEntry(build);
        return above != null && sameProduct(above.getKey(), build)
                ? above.getValue().product()
                : "Exchange Server";
    }

    private static boolean sameProduct(ExchangeBuild one, ExchangeBuild other) {
        return one.major() == other.major() && one.minor() == other.minor();
    }

    private static NavigableMap<ExchangeBuild, Release> read() {
        try (InputStream file = Objects.requireNonNull(ExchangeBuilds.class.getResourceAsStream(CATALOGUE), CATALOGUE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            NavigableMap<ExchangeBuild, Release> releases = new TreeMap<>();
            lines.lines().skip(1).forEach(line -> add(releases, line));
            return releases;
        } catch (IOException e) {
            throw new UncheckedIOException("the catalogue of Exchange builds cannot be read", e);
        }
    }

    /** No field of the catalogue holds a comma or a quote, which the count of columns shows. */
    private static void add(NavigableMap<ExchangeBuild, Release> releases, String line) {
        List<String> columns = List.of(line.split(",", -1));
        if (columns.size() != COLUMNS) {
            throw new IllegalStateException(
                    "a row of the catalogue of Exchange builds has not " + COLUMNS + " columns");
        }
        ExchangeBuild build = ExchangeBuild.parse(columns.get(3))
                .filter(parsed -> ExchangeBuild.parse(columns.get(4)).equals(Optional.of(parsed)))
                .orElseThrow(() -> new IllegalStateException("a row of the catalogue says two builds or none"));
        Release release = new Release(columns.get(0), columns.get(1), LocalDate.parse(columns.get(2)));
        if (releases.put(build, release) != null) {
            throw new IllegalStateException("the catalogue of Exchange builds has two rows of one build");
        }
    }
}
