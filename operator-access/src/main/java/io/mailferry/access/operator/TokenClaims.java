package io.mailferry.access.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a token says of its bearer, where the settings say that it does. Knows nothing of signatures: whoever reads claims
 * has verified them.
 */
final class TokenClaims {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final OperatorSettings.Oidc settings;

    TokenClaims(OperatorSettings.Oidc settings) {
        this.settings = settings;
        // A default that is no tenant must be seen at start, not when the first token comes.
        settings.tenantsDefault().ifPresent(GrantedTenants::of);
    }

    /** @throws IllegalArgumentException if that is no token */
    static JsonNode of(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a token has three parts");
        }
        try {
            return MAPPER.readTree(Base64.getUrlDecoder().decode(parts[1]));
        } catch (IOException e) {
            throw new IllegalArgumentException("a token's claims are JSON", e);
        }
    }

    /** Empty if the token does not say who it is. */
    Optional<String> name(JsonNode claims) {
        JsonNode name = at(claims, settings.nameClaim());
        return name.isTextual() && !name.asText().isBlank() ? Optional.of(name.asText()) : Optional.empty();
    }

    /** Words that are nothing here, such as another application's roles, are passed over. */
    Grants grants(JsonNode claims) {
        GrantedTenants tenants = tenants(claims);
        List<String> roles = words(at(claims, settings.rolesClaim())).stream()
                .filter(word -> means(() -> Grants.of(List.of(word), tenants)))
                .toList();
        return Grants.of(roles, tenants);
    }

    private GrantedTenants tenants(JsonNode claims) {
        JsonNode listed = at(claims, settings.tenantsClaim());
        if (listed.isMissingNode()) {
            return settings.tenantsDefault().map(GrantedTenants::of).orElse(GrantedTenants.NONE);
        }
        return GrantedTenants.of(words(listed).stream()
                .filter(word -> means(() -> GrantedTenants.of(List.of(word))))
                .toList());
    }

    private static boolean means(Runnable reading) {
        try {
            reading.run();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A claim of that very name goes before a path: some providers put whole addresses into names. */
    private static JsonNode at(JsonNode claims, String place) {
        if (claims.has(place)) {
            return claims.path(place);
        }
        JsonNode node = claims;
        for (String name : place.split("/", -1)) {
            node = node.path(name);
        }
        return node;
    }

    /** A list of texts, or one text with words apart by spaces or commas. */
    private static List<String> words(JsonNode value) {
        List<String> words = new ArrayList<>();
        if (value.isTextual()) {
            words.addAll(List.of(value.asText().strip().split("[ ,]+")));
        }
        for (JsonNode element : value) {
            if (value.isArray() && element.isTextual()) {
                words.add(element.asText());
            }
        }
        return words;
    }
}
