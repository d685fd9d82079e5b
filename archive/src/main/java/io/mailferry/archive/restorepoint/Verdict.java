package io.mailferry.archive.restorepoint;

import io.mailferry.contracts.exchange.FailureCategory;

/** How a verification ended. */
public sealed interface Verdict {
    /** It ran to its end; damages are part of the finding. */
    record Found(Finding finding) implements Verdict {}

    /** The mailbox has no restore point, or not the one that was asked for. */
    record NoRestorePoint() implements Verdict {}

    /** A key that is needed is not there. @param name such as {@code kek.json} */
    record KeyAbsent(String name) implements Verdict {}

    /** A key file is there but is no key; a key that is sound but another's is a damage instead. */
    record KeyUnreadable(String name) implements Verdict {}

    /** The index needs more scratch space than the limits admit. */
    record ScratchExhausted() implements Verdict {}

    /** The store could not be read; says nothing about the restore point. */
    record StoreFailed(FailureCategory category) implements Verdict {}

    /** The caller gave up. */
    record Stopped() implements Verdict {}
}
