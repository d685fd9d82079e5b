package io.mailferry.archive.log;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.page.CarriedSkip;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.RestorePointId;
import java.util.List;
import java.util.Objects;

/**
 * What a log entry says. Merges of segments and prunes will be further types; a reader refuses a type it does not know,
 * since it might say that something else no longer holds.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Body.AttemptOpened.class, name = "AttemptOpened"),
    @JsonSubTypes.Type(value = Body.PagesStored.class, name = "PagesStored"),
    @JsonSubTypes.Type(value = Body.RestorePointRecorded.class, name = "RestorePointRecorded"),
    @JsonSubTypes.Type(value = Body.AttemptClosed.class, name = "AttemptClosed")
})
public sealed interface Body {
    /**
     * The entry's attempt may store pages from now on, no earlier one may.
     *
     * @param closed the attempts that were open until now
     */
    record AttemptOpened(List<AttemptId> closed) implements Body {
        public AttemptOpened {
            closed = List.copyOf(closed);
        }
    }

    /** Pages of the entry's attempt with everything that holds them. */
    record PagesStored(List<PackRef> packs, List<SegmentRef> segments, List<StoredPage> pages) implements Body {
        public PagesStored {
            packs = List.copyOf(packs);
            segments = List.copyOf(segments);
            pages = List.copyOf(pages);
        }
    }

    /**
     * A restore point over everything before this entry; its attempt is closed by it.
     *
     * @param skipped every item that could not be read
     * @param gaps words for what it does not cover
     * @param incompleteBecause words; empty if complete
     * @param witness the exporter's, with its signature
     */
    record RestorePointRecorded(
            RestorePointId id,
            List<FolderState> folders,
            List<CarriedSkip> skipped,
            List<String> gaps,
            boolean complete,
            List<String> incompleteBecause,
            AttemptEnd witness)
            implements Body {
        public RestorePointRecorded {
            folders = List.copyOf(folders);
            skipped = List.copyOf(skipped);
            gaps = List.copyOf(gaps);
            incompleteBecause = List.copyOf(incompleteBecause);
            Objects.requireNonNull(witness);
        }
    }

    /** The entry's attempt was silent too long and may not store anything more. */
    record AttemptClosed() implements Body {}
}
