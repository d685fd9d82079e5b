package io.mailferry.contracts.agent;

/**
 * What a backup set holds of public folders. They are no mailbox's and have no place in an export of mailboxes.
 *
 * @param items at least 0
 * @param bytes at least 0
 */
public record PublicFolders(long items, long bytes) {
    /** Whether there is anything that could be lost. */
    public boolean any() {
        return items > 0 || bytes > 0;
    }
}
