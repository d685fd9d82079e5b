package io.mailferry.exchange;

import io.mailferry.exchange.connection.Credentials;
import io.mailferry.exchange.connection.EwsEndpoint;
import io.mailferry.exchange.connection.MailboxAddress;
import io.mailferry.exchange.connection.Trust;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.item.ContentSink;
import io.mailferry.exchange.item.ItemId;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A process of its own with a small heap: reads one item and prints the SHA-256 of its content. */
final class StreamingProbe {

    private StreamingProbe() {}

    public static void main(String[] arguments) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (ExchangeSession session = ExchangeSession.open(
                new EwsEndpoint(URI.create(arguments[0]), new Trust.System(), true, true),
                new Credentials("user", "secret"),
                new MailboxAddress("ann@example.org"),
                TestingSettings.with(TestingSettings.CONNECTION))) {
            session.readContents(List.of(new ItemId("large", "")), new ContentSink() {
                @Override
                public void begin(ItemId id) {
                    digest.reset();
                }

                @Override
                public void content(byte[] bytes, int offset, int length) {
                    digest.update(bytes, offset, length);
                }

                @Override
                public void end(ItemId id) {
                    System.out.println(HexFormat.of().formatHex(digest.digest()));
                }

                @Override
                public void abandon(ItemId id) {
                    System.out.println("abandoned");
                }

                @Override
                public void failed(ItemId id, ExchangeFailure failure) {
                    System.out.println(failure);
                }
            });
        }
    }
}
