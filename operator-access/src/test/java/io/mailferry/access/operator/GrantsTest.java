package io.mailferry.access.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.contracts.id.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrantsTest {
    private static final TenantId ONE = TenantId.random();
    private static final TenantId TWO = TenantId.random();

    @Test
    void givesAnUnboundRoleForAllTenantsGiven() {
        Grants grants = Grants.of(List.of("admin"), GrantedTenants.of(List.of(ONE.toString())));
        assertThat(grants.roles()).containsExactlyInAnyOrder(Roles.ADMIN, Roles.OPERATOR, Roles.VIEWER);
        assertThat(grants.tenantsOf(List.of(Roles.OPERATOR)).include(ONE)).isTrue();
        assertThat(grants.tenantsOf(List.of(Roles.OPERATOR)).include(TWO)).isFalse();
        assertThat(grants.tenantsOf(List.of(Roles.RESTORER)).include(ONE)).isFalse();
    }

    @Test
    void keepsABoundRoleToItsTenantWithWhatItIncludes() {
        Grants grants = Grants.of(List.of("viewer", "approver@" + TWO), GrantedTenants.of(List.of(ONE.toString())));
        assertThat(grants.tenantsOf(List.of(Roles.APPROVER))).isEqualTo(GrantedTenants.of(List.of(TWO.toString())));
        assertThat(grants.tenantsOf(List.of(Roles.VIEWER)))
                .isEqualTo(GrantedTenants.of(List.of(ONE.toString(), TWO.toString())));
        assertThat(grants.tenants()).isEqualTo(GrantedTenants.of(List.of(ONE.toString(), TWO.toString())));
    }

    @Test
    void bindsARoleToAllTenants() {
        Grants grants = Grants.of(List.of("viewer", "operator@*"), GrantedTenants.of(List.of(ONE.toString())));
        assertThat(grants.tenantsOf(List.of(Roles.OPERATOR))).isEqualTo(new GrantedTenants.All());
        assertThat(grants.tenantsOf(List.of(Roles.VIEWER))).isEqualTo(new GrantedTenants.All());
    }

    @Test
    void refusesWhatIsNoRoleOrTenant() {
        for (String word : List.of("emperor", "emperor@" + ONE, "viewer@", "viewer@all", "viewer@" + ONE + "@" + TWO)) {
            assertThatThrownBy(() -> Grants.of(List.of(word), GrantedTenants.NONE))
                    .as(word)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
