package io.mailferry.planner.risk;

import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.CoverageGap;
import io.mailferry.planner.fleet.BackupSet;
import java.util.List;

/**
 * A part of a backup set that no EWS backup of ours has a copy of, so that the plan of a set with one is never done. A
 * plan that was done before its set reported the part stays so; its view and the set's verdict name the part all the same.
 *
 * @param items how many the set holds of it, by the agent's word
 * @param bytes their size, by the agent's word
 */
public record Uncovered(CoverageGap part, long items, long bytes, Cause cause) {
    /** Why there is no copy. */
    public enum Cause {
        /** An export reads mailboxes, and this part lies in none. */
        NOT_READ_BY_EWS
    }

    static List<Uncovered> of(BackupSet set) {
        return set
                .publicFolders()
                .filter(PublicFolders::any)
                .map(folders -> new Uncovered(
                        CoverageGap.PUBLIC_FOLDERS, folders.items(), folders.bytes(), Cause.NOT_READ_BY_EWS))
                .stream()
                .toList();
    }
}
