package io.mailferry.inventory.mailbox;

import io.mailferry.access.problem.ProblemException;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/**
 * Reads what {@code Get-Mailbox | Export-Csv} and {@code Get-MailboxStatistics | Export-Csv} write: with or without a
 * {@code #TYPE} line, in UTF-8 or, with a byte order mark, UTF-16, with commas, semicolons or tabs. Streamed: one record is
 * held at a time beside the rows that were understood, and both are bounded. All wrong rows are named at once, as far as
 * that helps.
 */
final class MailboxCsv {
    private static final int ROWS_MAX = 50_000;
    private static final int RECORD_CHARACTERS_MAX = 256 * 1024;
    private static final int HEADER_CHARACTERS_MAX = 64 * 1024;
    private static final String TYPE_LINE = "#TYPE";

    private MailboxCsv() {}

    /**
     * @param body as it arrives; read to its end unless it is refused
     * @throws ProblemException 400 that names the rows that are wrong, as {@code rows[3].TotalItemSize}; row 1 is the first
     *     below the header
     */
    static List<MailboxRow> read(InputStream body) {
        try (BufferedReader text = text(body)) {
            skipTypeLine(text);
            CSVFormat format = CSVFormat.DEFAULT
                    .builder()
                    .setDelimiter(delimiter(text))
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .setIgnoreHeaderCase(true)
                    .setAllowMissingColumnNames(true)
                    .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
                    .setIgnoreEmptyLines(true)
                    .setTrim(true)
                    .get();
            RecordBound bounded = new RecordBound(text);
            try (CSVParser records =
                    CSVParser.builder().setReader(bounded).setFormat(format).get()) {
                return rows(records, bounded);
            }
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("header", "A column is there twice.");
        } catch (UncheckedIOException | IllegalStateException e) {
            throw unreadable();
        } catch (IOException e) {
            throw unreadable();
        }
    }

    private static ProblemException unreadable() {
        return ProblemException.invalid(
                "body",
                "This is not CSV in UTF-8, or in UTF-16 with a byte order mark, or a quoted field does not end.");
    }

    private static List<MailboxRow> rows(CSVParser records, RecordBound bounded) {
        MailboxRow.requireColumns(records.getHeaderNames());
        List<MailboxRow> rows = new ArrayList<>();
        RowErrors errors = new RowErrors();
        for (CSVRecord record : records) {
            bounded.recordDone();
            if (record.getRecordNumber() > ROWS_MAX) {
                throw ProblemException.tooLarge("An import has at most " + ROWS_MAX + " rows.");
            }
            if (!record.isConsistent()) {
                errors.add(record.getRecordNumber(), "", "has not as many fields as the header");
            } else {
                MailboxRow.read(record, errors).ifPresent(rows::add);
            }
        }
        errors.throwIfAny();
        return rows;
    }

    /** PowerShell marks UTF-16 and UTF-8 by the first bytes; without a mark it is ASCII, of which UTF-8 is the wider. */
    private static BufferedReader text(InputStream body) throws IOException {
        PushbackInputStream bytes = new PushbackInputStream(body, 3);
        byte[] mark = bytes.readNBytes(3);
        Charset charset = StandardCharsets.UTF_8;
        int length = 0;
        if (startsWith(mark, 0xFF, 0xFE)) {
            charset = StandardCharsets.UTF_16LE;
            length = 2;
        } else if (startsWith(mark, 0xFE, 0xFF)) {
            charset = StandardCharsets.UTF_16BE;
            length = 2;
        } else if (startsWith(mark, 0xEF, 0xBB, 0xBF)) {
            length = 3;
        }
        bytes.unread(mark, length, mark.length - length);
        return new BufferedReader(new InputStreamReader(
                bytes,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        if (bytes.length < mark.length) {
            return false;
        }
        for (int index = 0; index < mark.length; index++) {
            if ((bytes[index] & 0xFF) != mark[index]) {
                return false;
            }
        }
        return true;
    }

    private static void skipTypeLine(BufferedReader text) throws IOException {
        if (firstLine(text).startsWith(TYPE_LINE)) {
            for (int read = text.read(); read >= 0 && read != '\n'; read = text.read()) {
                // Passed over.
            }
        }
    }

    /** {@code -UseCulture} writes what the culture separates lists by. */
    private static char delimiter(BufferedReader text) throws IOException {
        String header = firstLine(text);
        char found = ',';
        for (char candidate : new char[] {';', '\t'}) {
            if (count(header, candidate) > count(header, found)) {
                found = candidate;
            }
        }
        return found;
    }

    private static long count(String text, char sought) {
        return text.chars().filter(character -> character == sought).count();
    }

    /** The line ahead, which is not consumed. */
    private static String firstLine(BufferedReader text) throws IOException {
        text.mark(HEADER_CHARACTERS_MAX + 1);
        StringBuilder line = new StringBuilder();
        for (int read = text.read(); read >= 0 && read != '\n'; read = text.read()) {
            if (line.length() == HEADER_CHARACTERS_MAX) {
                throw ProblemException.invalid(
                        "header", "The first line is longer than " + HEADER_CHARACTERS_MAX + " characters.");
            }
            line.append((char) read);
        }
        text.reset();
        return line.toString();
    }

    /** Stops a record that never ends, such as a quote that is not closed, before it fills the memory. */
    private static final class RecordBound extends FilterReader {
        private long sinceRecord;

        RecordBound(Reader in) {
            super(in);
        }

        void recordDone() {
            sinceRecord = 0;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int characters) {
            sinceRecord += characters;
            if (sinceRecord > RECORD_CHARACTERS_MAX) {
                throw ProblemException.invalid(
                        "body", "A row is longer than " + RECORD_CHARACTERS_MAX + " characters.");
            }
        }
    }
}
