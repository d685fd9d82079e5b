package io.mailferry.inventory.mailbox;

import io.mailferry.access.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * One row of an import. Which of these it has depends on the cmdlet; what is null was not said.
 *
 * @param number 1 for the first row below the header
 * @param guid the mailbox's, or the archive's if {@code ofArchive}
 * @param archiveGuid of the mailbox's archive
 * @param ofArchive whether the figures are those of an archive, as {@code Get-MailboxStatistics -Archive} writes them
 * @param recoverable what lies in Recoverable Items
 */
record MailboxRow(
        long number,
        @Nullable UUID guid,
        @Nullable String address,
        @Nullable UUID archiveGuid,
        boolean ofArchive,
        @Nullable Figures content,
        @Nullable Figures recoverable) {
    private static final String ADDRESS = "PrimarySmtpAddress";
    private static final String EXCHANGE_GUID = "ExchangeGuid";
    private static final String MAILBOX_GUID = "MailboxGuid";
    private static final String ARCHIVE_GUID = "ArchiveGuid";
    private static final String IS_ARCHIVE = "IsArchiveMailbox";

    private static final Pattern GUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final UUID NONE = new UUID(0, 0);
    private static final Pattern COUNT = Pattern.compile("\\d{1,18}");
    /** {@code 1.5 GB (1,610,612,736 bytes)}, with whatever the culture groups digits by. */
    private static final Pattern SIZE = Pattern.compile(
            "[^()]{1,40}\\(\\s*(\\d{1,3}(?:[,.'\\s\\u00a0\\u202f\\u2019]\\d{3})*|\\d{1,18})\\s+[^()]{1,20}\\)");

    /** @param items at least 0 */
    record Figures(long items, long bytes) {}

    @Override
    public String toString() {
        return "MailboxRow[" + number + "]";
    }

    /** @throws ProblemException 400 unless the rows can say which mailbox each is about */
    static void requireColumns(List<String> header) {
        boolean named = Stream.of(ADDRESS, EXCHANGE_GUID, MAILBOX_GUID)
                .anyMatch(column -> header.stream().anyMatch(column::equalsIgnoreCase));
        if (!named) {
            throw ProblemException.invalid(
                    "header", "There is no column " + ADDRESS + ", " + EXCHANGE_GUID + " or " + MAILBOX_GUID + ".");
        }
    }

    /** Empty if something is wrong, which is then among the errors. */
    static Optional<MailboxRow> read(CSVRecord csv, RowErrors errors) {
        Fields fields = new Fields(csv, errors);
        @Nullable UUID exchangeGuid = fields.guid(EXCHANGE_GUID);
        @Nullable UUID guid = exchangeGuid == null ? fields.guid(MAILBOX_GUID) : exchangeGuid;
        @Nullable String address = fields.address();
        if (guid == null && address == null && !fields.wrong) {
            fields.wrong("", "names no mailbox");
        }
        MailboxRow row = new MailboxRow(
                csv.getRecordNumber(),
                guid,
                address,
                fields.guid(ARCHIVE_GUID),
                fields.text(IS_ARCHIVE).filter("true"::equalsIgnoreCase).isPresent(),
                fields.figures("ItemCount", "TotalItemSize"),
                fields.figures("DeletedItemCount", "TotalDeletedItemSize"));
        return fields.wrong ? Optional.empty() : Optional.of(row);
    }

    /** The fields of one row, with what is wrong of them. */
    private static final class Fields {
        private final CSVRecord csv;
        private final RowErrors errors;
        private boolean wrong;

        Fields(CSVRecord csv, RowErrors errors) {
            this.csv = csv;
            this.errors = errors;
        }

        void wrong(String column, String what) {
            errors.add(csv.getRecordNumber(), column, what);
            wrong = true;
        }

        Optional<String> text(String column) {
            return csv.isMapped(column)
                    ? Optional.of(csv.get(column)).filter(text -> !text.isBlank())
                    : Optional.empty();
        }

        @Nullable
        UUID guid(String column) {
            Optional<String> text = text(column);
            if (text.isEmpty()) {
                return null;
            }
            if (!GUID.matcher(text.get()).matches()) {
                wrong(column, "is no GUID");
                return null;
            }
            UUID guid = UUID.fromString(text.get());
            return guid.equals(NONE) ? null : guid;
        }

        @Nullable
        String address() {
            Optional<String> text = text(ADDRESS);
            if (text.isPresent() && !MailAddress.isOne(text.get())) {
                wrong(ADDRESS, "is no mail address");
                return null;
            }
            return text.orElse(null);
        }

        /** Null unless there is at least one of the two. */
        @Nullable
        Figures figures(String countColumn, String sizeColumn) {
            Optional<String> count = text(countColumn);
            Optional<String> size = text(sizeColumn);
            if (count.isEmpty() && size.isEmpty()) {
                return null;
            }
            return new Figures(
                    count.map(text -> count(countColumn, text)).orElse(0L),
                    size.map(text -> bytes(sizeColumn, text)).orElse(0L));
        }

        private long count(String column, String text) {
            if (!COUNT.matcher(text).matches()) {
                wrong(column, "is no whole number");
                return 0;
            }
            return Long.parseLong(text);
        }

        /** Only the bytes in parentheses are exact; what stands before them is rounded. */
        private long bytes(String column, String text) {
            if (COUNT.matcher(text).matches()) {
                return Long.parseLong(text);
            }
            Matcher size = SIZE.matcher(text);
            if (!size.matches()) {
                wrong(column, "does not name its bytes, as 1.5 GB (1,610,612,736 bytes) does");
                return 0;
            }
            String digits = size.group(1).replaceAll("\\D", "");
            if (digits.length() > 18) {
                wrong(column, "is larger than any mailbox");
                return 0;
            }
            return Long.parseLong(digits);
        }
    }
}
