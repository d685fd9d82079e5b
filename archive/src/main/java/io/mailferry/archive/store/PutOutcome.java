package io.mailferry.archive.store;

/** What became of a conditional PUT. */
public sealed interface PutOutcome {
    /** Ours is there. */
    record Stored() implements PutOutcome {}

    /** Another object was there before. It may be our own, if an earlier try arrived without our knowing. */
    record AlreadyThere() implements PutOutcome {}

    /** It may have been stored or not: the answer did not come, or was not clear. */
    record Unconfirmed(StoreFailure why) implements PutOutcome {}
}
