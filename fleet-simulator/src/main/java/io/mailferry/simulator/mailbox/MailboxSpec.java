package io.mailferry.simulator.mailbox;

import io.mailferry.simulator.mail.Sizes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a mailbox is made from.
 *
 * @param seed of everything in it
 * @param address its primary SMTP address, lower-cased
 * @param displayName its owner's name
 * @param items how many items it begins with, without the corpus
 * @param sizes how large its mail is
 * @param largeBytes sizes of single items that are larger than the rest
 * @param spoiled how many items are spoiled, and how
 * @param corpus files that become items of a folder of their own
 */
public record MailboxSpec(
        long seed,
        String address,
        String displayName,
        int items,
        Sizes sizes,
        List<Long> largeBytes,
        Map<Spoilage, Integer> spoiled,
        List<Path> corpus) {
    public MailboxSpec {
        largeBytes = List.copyOf(largeBytes);
        spoiled = Map.copyOf(spoiled);
        corpus = List.copyOf(corpus);
    }
}
