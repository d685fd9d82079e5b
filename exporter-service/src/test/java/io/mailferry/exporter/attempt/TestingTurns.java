package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.contracts.id.PageId;

/** What else only an attempt does to a turn. */
public final class TestingTurns {
    private TestingTurns() {}

    public static void storesAPage(ExportTurn turn) {
        turn.pageStored();
    }

    public static void reaches(ExportTurn turn, FolderKey folder, PageId syncPage) {
        turn.reaches(folder, syncPage);
    }
}
