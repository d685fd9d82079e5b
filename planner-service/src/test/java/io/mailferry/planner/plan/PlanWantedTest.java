package io.mailferry.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.planner.risk.Risk;
import org.junit.jupiter.api.Test;

final class PlanWantedTest {
    @Test
    void makesOnePlanForASetThatNeedsIt() {
        assertThat(Transition.wantsPlan(BackupMode.MAPI, Risk.BROKEN, false, false))
                .isTrue();
        assertThat(Transition.wantsPlan(BackupMode.MAPI, Risk.AT_RISK, false, false))
                .isTrue();
        assertThat(Transition.wantsPlan(BackupMode.MAPI, Risk.UNAFFECTED, false, false))
                .isFalse();
        assertThat(Transition.wantsPlan(BackupMode.MAPI, Risk.UNKNOWN, false, false))
                .isFalse();
        assertThat(Transition.wantsPlan(BackupMode.EWS, Risk.BROKEN, false, false))
                .isFalse();
        assertThat(Transition.wantsPlan(BackupMode.MAPI, Risk.BROKEN, true, false))
                .isFalse();
        assertThat(Transition.wantsPlan(BackupMode.MAPI, Risk.BROKEN, false, true))
                .isFalse();
    }
}
