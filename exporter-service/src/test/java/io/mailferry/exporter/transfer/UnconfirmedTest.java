package io.mailferry.exporter.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.upload.UploadProgress;
import io.mailferry.contracts.upload.UploadProgress.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class UnconfirmedTest {
    private final AttemptPlace place = new AttemptPlace(TenantId.random(), MailboxId.random(), AttemptId.random());
    private final AtomicLong processBytes = new AtomicLong();
    private final AtomicInteger stored = new AtomicInteger();
    private final Unconfirmed unconfirmed = new Unconfirmed(
            place, (mailbox, encoded, attempt) -> {}, processBytes, 1_000, 1_500, stored::incrementAndGet, () -> {});

    @Test
    void hasRoomAgainOnceItsPagesAreStored() throws IOException {
        unconfirmed.send(new byte[100]);
        unconfirmed.opened();
        PageId first = sendPage(800);
        PageId second = sendPage(400);
        assertThat(unconfirmed.hasRoom()).isFalse();

        unconfirmed.on(stored(first));

        assertThat(unconfirmed.hasRoom()).isTrue();
        assertThat(processBytes).hasValue(400);
        unconfirmed.on(stored(second));
        assertThat(processBytes).hasValue(0);
        assertThat(stored).hasValue(2);
    }

    @Test
    void countsAPageOnceHoweverOftenItIsConfirmed() throws IOException {
        PageId page = sendPage(800);
        sendPage(700);

        unconfirmed.on(stored(page));
        unconfirmed.on(stored(page));

        assertThat(processBytes).hasValue(700);
    }

    @Test
    void takesAConfirmationThatComesBeforeThePageIsSaidToHaveEnded() throws IOException {
        PageId page = PageId.random();
        unconfirmed.send(new byte[500]);
        unconfirmed.on(stored(page));

        unconfirmed.pageEnded(page);

        assertThat(processBytes).hasValue(0);
    }

    @Test
    void doesNotTakeALateOpeningForAConfirmationOfAPage() throws IOException {
        unconfirmed.send(new byte[100]);
        unconfirmed.opened();
        unconfirmed.send(new byte[300]);

        unconfirmed.on(new UploadProgress.AttemptOpened(place.tenant(), place.mailbox(), place.attempt(), 1));

        assertThat(processBytes).hasValue(300);
    }

    @Test
    void waitsForOthersOfTheProcessToo() throws IOException {
        processBytes.set(1_501);

        assertThat(unconfirmed.hasRoom()).isFalse();
        processBytes.set(0);
        assertThat(unconfirmed.hasRoom()).isTrue();
    }

    @Test
    void sendsNothingMoreOnceAPartWasLostOrTheAttemptRefused() {
        unconfirmed.on(new UploadProgress.PartsRefused(
                place.tenant(), place.mailbox(), place.attempt(), Refusal.ATTEMPT_CLOSED));

        assertThat(unconfirmed.refusal()).contains(Refusal.ATTEMPT_CLOSED);
        assertThatThrownBy(() -> unconfirmed.send(new byte[1])).isInstanceOf(IOException.class);
    }

    @Test
    void givesItsShareOfTheProcessBackWhenItCloses() throws IOException {
        sendPage(800);
        unconfirmed.send(new byte[50]);

        unconfirmed.close();

        assertThat(processBytes).hasValue(0);
    }

    private PageId sendPage(int bytes) throws IOException {
        PageId page = PageId.random();
        unconfirmed.send(new byte[bytes]);
        unconfirmed.pageEnded(page);
        return page;
    }

    private UploadProgress stored(PageId page) {
        return new UploadProgress.PagesStored(place.tenant(), place.mailbox(), place.attempt(), List.of(page), 2, 1, 1);
    }
}
