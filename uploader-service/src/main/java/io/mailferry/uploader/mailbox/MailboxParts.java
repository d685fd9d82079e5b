package io.mailferry.uploader.mailbox;

import io.mailferry.archive.restorepoint.ReadLimits;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.messaging.inbox.DeadLetters;
import io.mailferry.uploader.bucket.PatientStore;
import io.mailferry.uploader.progress.ProgressSender;
import io.mailferry.uploader.scratch.ScratchSpace;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * What every mailbox's work shares in this process.
 *
 * @param writer this process's name in logs' entries
 * @param putting runs the puts of packs
 * @param counting has as many permits as restore points may be counted at a time
 */
public record MailboxParts(
        MailboxSettings settings,
        PatientStore store,
        ScratchSpace scratch,
        ProgressSender progress,
        DeadLetters deadLetters,
        UUID writer,
        Clock clock,
        ExecutorService putting,
        Semaphore counting,
        MeterRegistry meters) {
    PackBuild packs(MailboxPlace place) {
        return new PackBuild(place, settings, store, scratch, putting, meters);
    }

    ReadLimits countingLimits() {
        ReadLimits usual = ReadLimits.in(scratch.folder());
        return new ReadLimits(
                usual.scratch(),
                settings.countingBytesMax().asLongValue(),
                usual.openMax(),
                usual.sortBytesMax(),
                usual.stretchBytesMax(),
                usual.gapBytesMax(),
                1,
                usual.pause());
    }

    void count(String name, String tag, String value) {
        meters.counter("mailferry.uploader." + name, tag, value).increment();
    }
}
