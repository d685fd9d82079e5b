package io.mailferry.inventory.build;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailferry.contracts.exchange.ExchangeBuild;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * An Exchange build with the name that people know it by.
 *
 * @param build the short dotted shape, {@code 15.0.1497.2}
 * @param product by the first two numbers, such as {@code Exchange Server 2013}; {@code Exchange Server} alone if they are
 *     none of the catalogue's
 * @param update such as {@code CU23} or {@code CU23 Mar23SU}; for a build that the catalogue does not know, what can be
 *     said of it: {@code CU21 + SU, nearest CU21}
 * @param known whether the catalogue has this very build
 * @param nearest of an unknown build, the newest known one below it; absent if there is none
 * @param securityUpdate whether it is a cumulative update with a security update or hotfix on top
 * @param releasedOn when a known build was released
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NamedBuild(
        String build,
        String product,
        String update,
        boolean known,
        @Nullable String nearest,
        boolean securityUpdate,
        @Nullable LocalDate releasedOn) {
    static NamedBuild known(ExchangeBuild build, ExchangeBuilds.Release release) {
        return new NamedBuild(
                build.toString(),
                release.product(),
                release.update(),
                true,
                null,
                !release.update().equals(release.baseUpdate()),
                release.releasedOn());
    }

    /** {@code Exchange Server 2013 CU23}, as one text. */
    @Override
    public String toString() {
        return product + " " + update;
    }
}
