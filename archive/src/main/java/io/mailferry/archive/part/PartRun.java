package io.mailferry.archive.part;

import org.jspecify.annotations.Nullable;

/**
 * Follows the parts of one run (an item, a marker, a page end) and refuses any that does not continue it. Shared by who
 * stores parts and who opens them, so that both mean the same by order.
 *
 * <p>The chunks of the header come first, numbered on their own; the part with the header's last chunk may bear the
 * first chunk of the content. Only content has content chunks, and it has at least one.
 */
public final class PartRun {
    private @Nullable PartLabel first;
    private int parts;
    private int headerChunks;
    private int contentChunks;
    private boolean headerDone;
    private boolean ended;

    /**
     * Takes the next part of this run.
     *
     * @throws Damaged OUT_OF_ORDER, FOREIGN or MALFORMED; the run is then of no use
     */
    public void accept(Part part) throws Damaged {
        PartLabel label = part.label();
        if (ended || label.number() != parts) {
            throw new Damaged(Damage.OUT_OF_ORDER, "part " + label.number() + " where " + parts + " was due");
        }
        if (first == null) {
            first = label;
        } else if (!first.sameRun(label)) {
            throw new Damaged(Damage.FOREIGN, "a part of another run");
        }
        boolean valid = switch (label.kind()) {
            case BEGIN, END -> part.headerLength() == 0 && part.contentLength() == 0 && !label.headerLast();
            case CONTENT -> acceptHeader(part) && acceptContent(part);
            case FOLDER, REFERENCE, DELETION, READ_FLAG, SKIP, PAGE_END ->
                acceptHeader(part) && part.contentLength() == 0 && label.last() == label.headerLast();
        };
        if (!valid) {
            throw new Damaged(Damage.MALFORMED, "a part whose chunks do not fit its place");
        }
        headerDone |= label.headerLast();
        headerChunks += part.headerLength() > 0 ? 1 : 0;
        contentChunks += part.contentLength() > 0 ? 1 : 0;
        parts++;
        ended = label.last();
    }

    private boolean acceptHeader(Part part) {
        return headerDone ? part.headerLength() == 0 && !part.label().headerLast() : part.headerLength() > 0;
    }

    private boolean acceptContent(Part part) {
        boolean mayHave = headerDone || part.label().headerLast();
        boolean mustHave = headerDone || part.label().last();
        boolean has = part.contentLength() > 0;
        return has ? mayHave : !mustHave;
    }

    /** Whether its last part has been taken. */
    public boolean ended() {
        return ended;
    }

    /** How many parts have been taken. */
    public int parts() {
        return parts;
    }

    /** Chunks of the header taken so far, which is also the number of the next. */
    int headerChunks() {
        return headerChunks;
    }

    int contentChunks() {
        return contentChunks;
    }

    public @Nullable PartLabel first() {
        return first;
    }
}
