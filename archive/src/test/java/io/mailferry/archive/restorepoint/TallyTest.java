package io.mailferry.archive.restorepoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.contracts.exchange.CoverageGap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TallyTest {
    private static final FolderKey FOLDER = FolderKey.of("ab".repeat(32));

    @Test
    void isIncompleteWhenAFolderWasNotRead() {
        assertThat(tally(CoverageGap.FOLDER_FORBIDDEN).incompleteBecause(Map.of(), Map.of()))
                .containsExactly(IncompleteReason.FOLDER_NOT_READ);
    }

    @Test
    void isCompleteWithGapsThatEveryMailboxHas() {
        assertThat(tally(CoverageGap.ARCHIVE_MAILBOX).incompleteBecause(Map.of(), Map.of()))
                .isEmpty();
    }

    private static Tally tally(CoverageGap gap) {
        FolderWitness unread = new FolderWitness(FOLDER, null, -1, -1, 0, 0, 0, 0, 0);
        return new Tally(new AttemptEnd(List.of(unread), List.of(gap.name()), List.of(), new byte[0], 1));
    }
}
