package io.mailferry.archive.log;

import java.util.List;

/** What became of an entry that was to be appended. */
public sealed interface Append {
    /** It is in the log, and in the state it was appended to. */
    record Appended(LogEntry entry) implements Append {}

    /**
     * Others were first. Their entries are now in the state; whether ours still makes sense must be thought over again.
     *
     * @param winners the entries that were not known before, oldest first
     */
    record LostRace(List<LogEntry> winners) implements Append {
        public LostRace {
            winners = List.copyOf(winners);
        }
    }
}
