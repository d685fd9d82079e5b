package io.mailferry.simulator.control;

import io.mailferry.simulator.fleet.Fleet;
import io.mailferry.simulator.fleet.FleetDefinition;
import io.mailferry.simulator.mailbox.Folder;
import io.mailferry.simulator.mailbox.Item;
import io.mailferry.simulator.mailbox.Mailbox;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The answer to GET /fleet. */
record FleetReport(String certificateFile, String certificateSha256, List<ServerReport> servers) {

    record ServerReport(
            String tenant,
            String name,
            String ewsHttp,
            String ewsHttps,
            String serviceUser,
            String servicePassword,
            String build,
            @Nullable String nextBuild,
            FleetDefinition.@Nullable Agent agent,
            List<FleetDefinition.BackupSet> backupSets,
            List<MailboxReport> mailboxes) {}

    record MailboxReport(
            String address,
            String displayName,
            UUID exchangeGuid,
            String password,
            long items,
            long unreadable,
            long spoiledButReadable,
            int folders) {}

    static FleetReport of(Fleet fleet, long seed, String certificateFile, String certificateSha256) {
        return new FleetReport(
                certificateFile,
                certificateSha256,
                fleet.servers().stream().map(server -> of(server, seed)).toList());
    }

    private static ServerReport of(Fleet.Running server, long seed) {
        FleetDefinition.Server definition = server.definition();
        return new ServerReport(
                server.tenant().name(),
                definition.name(),
                server.httpUrl(),
                server.httpsUrl(),
                definition.serviceUser(),
                server.servicePassword(),
                server.exchange().build().toString(),
                definition.nextBuild(),
                definition.agent(),
                definition.backupSets(),
                definition.mailboxes().stream()
                        .map(mailbox -> of(
                                server.exchange().mailbox(mailbox.address()).orElseThrow(),
                                Fleet.password(
                                        mailbox.password(),
                                        seed,
                                        mailbox.address().toLowerCase(Locale.ROOT))))
                        .toList());
    }

    private static MailboxReport of(Mailbox mailbox, String password) {
        return new MailboxReport(
                mailbox.address(),
                mailbox.displayName(),
                mailbox.guid(),
                password,
                mailbox.items(),
                mailbox.spoiledItems(false),
                mailbox.spoiledItems(true),
                mailbox.allFolders().size());
    }

    /** One line of a mailbox's truth. */
    record TruthLine(
            List<String> folder,
            String folderId,
            String itemId,
            String changeKey,
            String itemClass,
            boolean read,
            long mimeBytes,
            String mimeSha256,
            @Nullable String spoiled,
            boolean readable) {

        static TruthLine of(Folder folder, Item item, String itemClass, long bytes, String sha256) {
            return new TruthLine(
                    folder.path(),
                    folder.id(),
                    item.id(),
                    item.changeKey(),
                    itemClass,
                    item.read(),
                    bytes,
                    sha256,
                    item.spoilage() == null ? null : item.spoilage().word(),
                    item.spoilage() == null || item.spoilage().readable());
        }
    }
}
