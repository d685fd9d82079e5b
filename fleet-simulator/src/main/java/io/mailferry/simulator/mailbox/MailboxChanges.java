package io.mailferry.simulator.mailbox;

import io.mailferry.simulator.mail.Chance;
import io.mailferry.simulator.mailbox.Folder.Kind;
import io.mailferry.simulator.mailbox.Mailbox.Place;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen to a mailbox. Items that are spoiled or very large are left alone, so that a test knows where they are.
 *
 * @param seed decides which items; the same seed twice chooses among what is then there
 * @param create new items, in folders of mail
 * @param delete items that go for good
 * @param move items that change their folder, and with it their id
 * @param update items whose content changes
 * @param markRead items whose read flag turns
 * @param createFolders new folders below the top
 * @param renameFolders the user's own folders that get another name
 * @param deleteFolders the user's own folders that go, with all that is in and below them
 * @param heal if true, spoiled items are whole from now on
 */
public record MailboxChanges(
        long seed,
        int create,
        int delete,
        int move,
        int update,
        int markRead,
        int createFolders,
        int renameFolders,
        int deleteFolders,
        boolean heal) {
    private static final int MAX = 1_000_000;

    public MailboxChanges {
        for (int count :
                new int[] {create, delete, move, update, markRead, createFolders, renameFolders, deleteFolders}) {
            if (count < 0 || count > MAX) {
                throw new IllegalArgumentException("A count of changes must be from 0 to " + MAX);
            }
        }
    }

    /** What did happen: less than asked for if the mailbox had too few items. */
    public record Applied(
            int created,
            int deleted,
            int moved,
            int updated,
            int readFlagsChanged,
            int foldersCreated,
            int foldersRenamed,
            int foldersDeleted,
            int healed) {}

    Applied applyTo(Mailbox mailbox) {
        Chance chance = Chance.of(seed, 7);
        Folder top = mailbox.distinguished("msgfolderroot").orElseThrow();
        for (int i = 0; i < createFolders; i++) {
            mailbox.hierarchy().create(top, "New folder " + Long.toHexString(chance.next()));
        }
        int renamed = rename(mailbox, top, chance);
        int foldersDeleted = deleteFolders(mailbox, top);
        List<Folder> targets = mailbox.allFolders().stream()
                .filter(folder -> folder.holdsMail() && folder.isBelow(top) && !mailbox.isCorpus(folder))
                .toList();
        for (int i = 0; i < create; i++) {
            createOne(mailbox, chance.pick(targets));
        }
        int moved = count(move, () -> moveOne(mailbox, choose(mailbox, chance), chance.pick(targets)));
        int updated = count(update, () -> updateOne(mailbox, choose(mailbox, chance)));
        int read = count(markRead, () -> turnReadFlag(mailbox, choose(mailbox, chance)));
        int deleted = count(delete, () -> deleteOne(mailbox, choose(mailbox, chance)));
        int healed = heal ? mailbox.spoiled.size() : 0;
        if (heal) {
            mailbox.spoiled.clear();
        }
        return new Applied(create, deleted, moved, updated, read, createFolders, renamed, foldersDeleted, healed);
    }

    private static int count(int times, BooleanSupplier change) {
        int done = 0;
        for (int i = 0; i < times; i++) {
            done += change.getAsBoolean() ? 1 : 0;
        }
        return done;
    }

    private int rename(Mailbox mailbox, Folder top, Chance chance) {
        List<Folder> own = own(mailbox, top);
        int count = Math.min(renameFolders, own.size());
        for (int i = 0; i < count; i++) {
            Folder folder = own.get(i);
            mailbox.hierarchy().rename(folder, folder.displayName() + " " + chance.below(1000));
        }
        return count;
    }

    private int deleteFolders(Mailbox mailbox, Folder top) {
        int count = 0;
        // The last first: the user's own folders were made after those that they lie in.
        for (Folder folder : own(mailbox, top).reversed()) {
            boolean spoiled = mailbox.spoiled.keySet().stream().anyMatch(ref -> mailbox.isIn(ref, folder));
            if (count < deleteFolders && !spoiled) {
                mailbox.hierarchy().delete(folder);
                count++;
            }
        }
        return count;
    }

    private static List<Folder> own(Mailbox mailbox, Folder top) {
        return mailbox.allFolders().stream()
                .filter(folder -> folder.distinguishedName() == null
                        && folder.isBelow(top)
                        && folder.holdsMail()
                        && !mailbox.isCorpus(folder))
                .toList();
    }

    /** A live item by rejection: fair enough, and it needs no list of a million items. */
    private static @Nullable ItemRef choose(Mailbox mailbox, Chance chance) {
        List<Folder> folders = mailbox.allFolders().stream()
                .filter(folder -> folder.live > 0 && !mailbox.isCorpus(folder))
                .toList();
        for (int attempt = 0; attempt < 2000 && !folders.isEmpty(); attempt++) {
            Folder folder = chance.pick(folders);
            int at = chance.below(folder.initialItems + folder.arrivals.size());
            ItemRef ref = at < folder.initialItems
                    ? new ItemRef(folder.number, at)
                    : folder.arrivals.get(at - folder.initialItems);
            if (mailbox.isIn(ref, folder) && !mailbox.spoiled.containsKey(ref) && !mailbox.isLarge(ref)) {
                return ref;
            }
        }
        return null;
    }

    private static void createOne(Mailbox mailbox, Folder folder) {
        ItemRef ref = new ItemRef(folder.number, folder.nextOrdinal++);
        mailbox.places.put(ref, new Place(folder.number, 0, 1, 0, false, false));
        folder.arrive(ref);
        mailbox.log(folder, Kind.CREATED, ref, 0);
    }

    private static boolean moveOne(Mailbox mailbox, @Nullable ItemRef ref, Folder target) {
        if (ref == null || mailbox.isIn(ref, target)) {
            return false;
        }
        Place from = mailbox.place(ref);
        Folder source = mailbox.folders.get(from.folder());
        Place to =
                new Place(target.number, from.generation() + 1, from.version() + 1, from.edition(), from.read(), false);
        mailbox.places.put(ref, to);
        source.live--;
        mailbox.log(source, Kind.DELETED, ref, from.generation());
        target.arrive(ref);
        mailbox.log(target, Kind.CREATED, ref, to.generation());
        return true;
    }

    private static boolean updateOne(Mailbox mailbox, @Nullable ItemRef ref) {
        if (ref == null) {
            return false;
        }
        Place p = mailbox.place(ref);
        mailbox.places.put(
                ref, new Place(p.folder(), p.generation(), p.version() + 1, p.edition() + 1, p.read(), false));
        mailbox.log(mailbox.folders.get(p.folder()), Kind.UPDATED, ref, p.generation());
        return true;
    }

    private static boolean turnReadFlag(Mailbox mailbox, @Nullable ItemRef ref) {
        if (ref == null) {
            return false;
        }
        Place p = mailbox.place(ref);
        mailbox.places.put(ref, new Place(p.folder(), p.generation(), p.version(), p.edition(), !p.read(), false));
        mailbox.log(mailbox.folders.get(p.folder()), Kind.READ_FLAG_CHANGED, ref, p.generation());
        return true;
    }

    private static boolean deleteOne(Mailbox mailbox, @Nullable ItemRef ref) {
        if (ref == null) {
            return false;
        }
        Place p = mailbox.place(ref);
        Folder folder = mailbox.folders.get(p.folder());
        mailbox.places.put(ref, new Place(p.folder(), p.generation(), p.version(), p.edition(), p.read(), true));
        folder.live--;
        mailbox.log(folder, Kind.DELETED, ref, p.generation());
        return true;
    }
}
