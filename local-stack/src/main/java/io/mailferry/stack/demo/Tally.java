package io.mailferry.stack.demo;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The sums over all mailboxes.
 *
 * @param items what the simulator holds
 * @param stored what the newest restore points hold
 * @param verified what restore-service read back and opened
 * @param skipped what could not be read from Exchange
 * @param isRight whether each mailbox by itself is right, so that no two errors cancel each other
 */
record Tally(long items, long stored, long verified, long skipped, long lost, boolean isRight) {
    /** Of a demo that did not get as far as counting. */
    static final Tally NOTHING = new Tally(0, 0, 0, 0, 0, false);

    static Tally of(List<Ferried> mailboxes) {
        return of(mailboxes, mailboxes.stream().mapToLong(Ferried::items).sum());
    }

    /** @param items of all mailboxes, also of those that are not yet on their way */
    static Tally of(List<Ferried> mailboxes, long items) {
        return new Tally(
                items,
                mailboxes.stream().mapToLong(Ferried::storedItems).sum(),
                mailboxes.stream().mapToLong(Ferried::verifiedItems).sum(),
                mailboxes.stream().mapToLong(Ferried::skippedCount).sum(),
                mailboxes.stream().mapToLong(Ferried::lost).sum(),
                !mailboxes.isEmpty() && mailboxes.stream().allMatch(Ferried::isRight));
    }

    String lastLine(Duration took) {
        return String.format(
                Locale.ROOT,
                "demo: items=%d stored=%d verified=%d restored=0 skipped=%d lost=%d seconds=%d",
                items,
                stored,
                verified,
                skipped,
                lost,
                took.toSeconds());
    }
}
