package io.mailferry.cli.signin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who commands call as, and where: what is kept between them. Of a token file only its place.
 *
 * @param services each service's address by its short name, as far as they were told
 * @param tokenFile set when a token file was named
 * @param oidc set when a provider was signed in at
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SignIn(
        Map<String, String> services,
        @Nullable String tokenFile,
        @Nullable Granted oidc) {
    public SignIn {
        services = Map.copyOf(services);
    }

    SignIn with(Granted renewed) {
        return new SignIn(services, tokenFile, renewed);
    }

    /**
     * What a provider gave.
     *
     * @param until when the access token ends, in seconds since 1970
     * @param refresh absent where the provider gives none: then signing in lasts as long as the access token
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Granted(
            String provider,
            String client,
            String access,
            long until,
            @Nullable String refresh) {
        boolean endsBefore(Instant moment) {
            return until < moment.getEpochSecond();
        }

        @Override
        public String toString() {
            return "Granted[…]";
        }
    }
}
