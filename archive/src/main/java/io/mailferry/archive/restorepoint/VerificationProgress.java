package io.mailferry.archive.restorepoint;

/** Follows a verification and may end it. Called often, from the verifying thread. */
public interface VerificationProgress {
    /** @param items live items that the restore point says it has */
    void expected(long items);

    /** One more item was read to its end. */
    void verified(long bytes);

    /** Whether to give up: the verification then ends with {@link Verdict.Stopped}. */
    boolean stopped();
}
