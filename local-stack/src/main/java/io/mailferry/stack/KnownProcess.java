package io.mailferry.stack;

import java.time.Instant;
import java.util.Optional;

/** A process by its number and its start, so that a later one with the same number is not taken for it. */
record KnownProcess(long pid, String startedAt) {
    static KnownProcess current() {
        return of(ProcessHandle.current());
    }

    static KnownProcess of(ProcessHandle process) {
        return new KnownProcess(process.pid(), startedAt(process));
    }

    /** Reads what {@link #text()} wrote; empty for anything else. */
    static Optional<KnownProcess> parse(String text) {
        String[] words = text.strip().split(" ", -1);
        return words.length == 2 && words[0].matches("\\d{1,18}")
                ? Optional.of(new KnownProcess(Long.parseLong(words[0]), words[1]))
                : Optional.empty();
    }

    String text() {
        return pid + " " + startedAt;
    }

    Optional<ProcessHandle> alive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> startedAt(process).equals(startedAt));
    }

    private static String startedAt(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }
}
