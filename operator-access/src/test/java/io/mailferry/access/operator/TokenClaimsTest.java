package io.mailferry.access.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.id.TenantId;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenClaimsTest {
    private static final TenantId ONE = TenantId.random();

    @Test
    void readsRolesAndTenantsWhereItIsTold() throws Exception {
        TokenClaims claims = claims(
                "mailferry.operators.oidc.roles-claim", "https://example.com/roles",
                "mailferry.operators.oidc.tenants-claim", "groups/tenants",
                "mailferry.operators.oidc.name-claim", "email");
        JsonNode token = json("{'https://example.com/roles':'viewer, approver','groups':{'tenants':'" + ONE
                + "'},'email':'someone','sub':'x'}");
        assertThat(claims.name(token)).contains("someone");
        assertThat(claims.grants(token).roles()).containsExactlyInAnyOrder(Roles.VIEWER, Roles.APPROVER);
        assertThat(claims.grants(token).tenants()).isEqualTo(GrantedTenants.of(List.of(ONE.toString())));
    }

    @Test
    void givesTheDefaultTenantsOnlyToATokenWithoutTheClaim() throws Exception {
        TokenClaims claims = claims("mailferry.operators.oidc.tenants-default", "*");
        String roles = "'resource_access':{'mailferry':{'roles':['viewer']}}";
        assertThat(claims.grants(json("{" + roles + "}")).tenants()).isEqualTo(new GrantedTenants.All());
        for (String present : List.of("[]", "null", "7", "''", "{}", "['nonsense']")) {
            assertThat(claims.grants(json("{" + roles + ",'mailferry_tenants':" + present + "}"))
                            .tenants())
                    .as(present)
                    .isEqualTo(GrantedTenants.NONE);
        }
        assertThat(claims().grants(json("{" + roles + "}")).tenants()).isEqualTo(GrantedTenants.NONE);
    }

    @Test
    void refusesToStartWithADefaultThatIsNoTenant() {
        assertThatThrownBy(() -> claims("mailferry.operators.oidc.tenants-default", "everything"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesToStartWhereNobodyCouldCall() {
        assertThatThrownBy(() -> new BearerAuthentication(settings()).on(new StartupEvent()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mailferry.operators.oidc.url");
        new BearerAuthentication(settings("mailferry.operators.oidc.url", "https://idp.example.com/realms/x"))
                .on(new StartupEvent());
    }

    @Test
    void refusesToAskForKeysOverPlainHttpFromAnotherMachine() {
        for (String unsafe : List.of("http://idp.example.com/realms/x", "http://127.0.0.1.example.com/", "idp:8080")) {
            assertThatThrownBy(() -> oidc(unsafe, false))
                    .as(unsafe)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("https");
        }
        oidc("http://idp.example.com/realms/x", true);
        oidc("https://idp.example.com/realms/x", false);
        oidc("http://localhost:8080/realms/x", false);
        oidc("http://[::1]:8080/realms/x", false);
    }

    private static void oidc(String url, boolean insecure) {
        OperatorSettings settings = settings(
                "mailferry.operators.oidc.url",
                url,
                "mailferry.operators.oidc.insecure-http",
                String.valueOf(insecure));
        new OidcOperators(settings).provider();
    }

    private static TokenClaims claims(String... keysAndValues) {
        return new TokenClaims(settings(keysAndValues).oidc());
    }

    private static OperatorSettings settings(String... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .withMapping(OperatorSettings.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(OperatorSettings.class);
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
