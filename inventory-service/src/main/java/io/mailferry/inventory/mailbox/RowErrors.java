package io.mailferry.inventory.mailbox;

import io.mailferry.access.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the rows of an import, gathered so that an operator mends them in one go. Never quotes a value. */
final class RowErrors {
    private static final int TOLD_MAX = 20;

    private final List<String> told = new ArrayList<>();
    private String firstField = "";
    private long count;

    /** @param column empty for the row as a whole */
    void add(long row, String column, String what) {
        if (count == 0) {
            firstField = "rows[" + row + "]" + (column.isEmpty() ? "" : "." + column);
        }
        count++;
        if (told.size() < TOLD_MAX) {
            told.add("Row " + row + (column.isEmpty() ? " " : ", " + column + ": ") + what);
        }
    }

    /** @throws ProblemException 400 in the first field that is wrong, with all the others in its detail */
    void throwIfAny() {
        if (count > 0) {
            String more = count > told.size() ? "; and " + (count - told.size()) + " more" : "";
            throw ProblemException.invalid(firstField, "Nothing was imported. " + String.join("; ", told) + more + ".");
        }
    }
}
