package io.mailferry.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of an agent after a day, and each change that has to be told, in order. Reckoned from the statuses
 * that the gateway took, by the protocol's words alone and without the service's code.
 */
final class DayTruth {
    private final SortedMap<String, Known> sets = new TreeMap<>();
    private final List<String> told = new ArrayList<>();
    private final List<String> silences = new ArrayList<>();
    private @Nullable DaySays last;

    /** A set as it was said last, also after the agent ceased to list it. */
    private record Known(DaySays.OfSet set, boolean present) {}

    void silent() {
        silences.add("AgentSilent");
    }

    void returned() {
        silences.add("AgentReturned");
    }

    List<String> told() {
        return told;
    }

    List<String> silences() {
        return silences;
    }

    @Nullable
    DaySays last() {
        return last;
    }

    void take(DaySays now) {
        @Nullable DaySays before = last;
        last = now;
        if (before == null) {
            if (now.plannedAt() != null) {
                told.add("ExchangeUpdatePlanned");
            }
            told.add("AgentRegistered");
        } else {
            takeServer(before, now);
        }
        for (DaySays.OfSet set : now.sets()) {
            take(set);
        }
        List<String> listed = now.sets().stream().map(DaySays.OfSet::ref).toList();
        sets.replaceAll((ref, known) -> {
            if (!known.present() || listed.contains(ref)) {
                return known;
            }
            told.add("BackupSetDisappeared " + ref);
            return new Known(known.set(), false);
        });
    }

    private void takeServer(DaySays before, DaySays now) {
        if (!before.build().kept().equals(now.build().kept())) {
            told.add("ExchangeUpdated");
        }
        if (now.plannedAt() != null && !now.plannedAt().equals(before.plannedAt())) {
            told.add("ExchangeUpdatePlanned");
        }
        if (now.plannedAt() == null && before.plannedAt() != null) {
            told.add("ExchangeUpdateWithdrawn");
        }
        if (!before.version().equals(now.version())) {
            told.add("AgentUpgraded");
        }
    }

    private void take(DaySays.OfSet now) {
        @Nullable Known known = sets.get(now.ref());
        boolean isNewJob = now.jobAt() != null
                && (known == null
                        || known.set().jobAt() == null
                        || now.jobAt().isAfter(known.set().jobAt()));
        sets.put(now.ref(), new Known(known == null || isNewJob ? now : now.withJobOf(known.set()), true));
        if (known != null && !known.present()) {
            told.add("BackupSetReturned " + now.ref());
        }
        Map<UUID, DaySays.Box> gone = new TreeMap<>();
        if (known != null) {
            known.set().boxes().forEach(box -> gone.put(box.guid(), box));
        }
        boolean cameOrWent = false;
        for (DaySays.Box box : now.boxes()) {
            DaySays.@Nullable Box was = gone.remove(box.guid());
            if (!box.equals(was)) {
                told.add("MailboxChanged " + now.ref() + " " + box.guid());
            }
            cameOrWent |= was == null;
        }
        gone.keySet().forEach(guid -> told.add("MailboxLeft " + now.ref() + " " + guid));
        cameOrWent |= !gone.isEmpty();
        if (known == null || cameOrWent || !known.set().saysOfItself(now)) {
            told.add("BackupSetChanged " + now.ref());
        }
        if (known != null && !known.set().hasQuotaOf(now)) {
            told.add("QuotaChanged " + now.ref());
        }
        if (isNewJob) {
            told.add((now.jobSucceeded() ? "BackupJobSucceeded " : "BackupJobFailed ") + now.ref());
        }
    }

    /** The rows of sets that there have to be. */
    List<String> setRows() {
        return sets.values().stream()
                .map(known -> String.join(
                        "|",
                        known.set().ref(),
                        Boolean.toString(known.present()),
                        Boolean.toString(known.set().schedule()),
                        Boolean.toString(known.set().retention()),
                        Long.toString(known.set().quota()),
                        Long.toString(known.set().used()),
                        job(known.set())))
                .toList();
    }

    private static String job(DaySays.OfSet set) {
        return set.jobAt() == null
                ? "none"
                : (set.jobSucceeded() ? "SUCCEEDED " : "FAILED ") + set.jobAt().getEpochSecond();
    }

    /** Which mailboxes each set has to hold. */
    List<String> memberRows() {
        return sets.values().stream()
                .flatMap(known -> known.set().boxes().stream()
                        .map(box -> known.set().ref() + "|" + box.guid() + "|" + box.items()))
                .sorted()
                .toList();
    }
}
