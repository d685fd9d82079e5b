package io.mailferry.inventory.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailferry.access.problem.Problem;
import io.mailferry.access.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxCsvTest {
    private static final UUID GUID = UUID.fromString("1f0f5d8a-7b9f-4a5e-8d39-0b7f4e1c9a55");
    private static final UUID ARCHIVE = UUID.fromString("2e1e5d8a-7b9f-4a5e-8d39-0b7f4e1c9a55");

    /** As Windows PowerShell 5.1 writes it: the type, every field quoted, lines ended by CR and LF. */
    private static final String STATISTICS = """
            #TYPE Microsoft.Exchange.Data.Mapi.MailboxStatistics\r
            "DisplayName","ItemCount","TotalItemSize","DeletedItemCount","TotalDeletedItemSize","MailboxGuid","IsArchiveMailbox"\r
            "Lovelace, ""Ada""\r
            of London","10412","1.5 GB (1,610,612,736 bytes)","7","3 KB (3,072 bytes)","%s","False"\r
            """.formatted(GUID);

    @Test
    void readsWhatGetMailboxStatisticsWrites() {
        MailboxRow row = read(STATISTICS, StandardCharsets.UTF_8).getFirst();

        assertThat(row.guid()).isEqualTo(GUID);
        assertThat(row.address()).isNull();
        assertThat(row.content()).isEqualTo(new MailboxRow.Figures(10_412, 1_610_612_736L));
        assertThat(row.recoverable()).isEqualTo(new MailboxRow.Figures(7, 3_072));
        assertThat(row.ofArchive()).isFalse();
    }

    @Test
    void readsWhatGetMailboxWrites() {
        String csv = "\"ArchiveGuid\",\"primarysmtpaddress\",\"ExchangeGuid\"\n" + "\"" + ARCHIVE
                + "\",\"ada@contoso.example\",\"" + GUID + "\"\n"
                + "\"00000000-0000-0000-0000-000000000000\",\"grace@contoso.example\",\"" + UUID.randomUUID() + "\"\n";

        List<MailboxRow> rows = read(csv, StandardCharsets.UTF_8);

        assertThat(rows.getFirst())
                .isEqualTo(new MailboxRow(1, GUID, "ada@contoso.example", ARCHIVE, false, null, null));
        assertThat(rows.getLast().archiveGuid()).as("a GUID of zeros is none").isNull();
    }

    @Test
    void readsEachEncodingThatPowerShellWrites() {
        for (String mark : List.of("", "\uFEFF")) {
            assertThat(read(mark + STATISTICS, StandardCharsets.UTF_8)).hasSize(1);
        }
        assertThat(read("\uFEFF" + STATISTICS, StandardCharsets.UTF_16LE)).hasSize(1);
        assertThat(read("\uFEFF" + STATISTICS, StandardCharsets.UTF_16BE)).hasSize(1);
        assertThat(problem(new ByteArrayInputStream(
                                "PrimarySmtpAddress\nü@x.example\n".getBytes(Charset.forName("ISO-8859-1"))))
                        .field())
                .isEqualTo("body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1610612736",
                "1.5 GB (1,610,612,736 bytes)",
                "1,5 GB (1.610.612.736 Bytes)",
                "1,5 Go (1\u202f610\u202f612\u202f736 octets)",
                "1.5 GB (1'610'612'736 bytes)",
                "1.5 GB (1610612736 bytes)"
            })
    void readsASizeAsEachCultureWritesIt(String size) {
        String csv = "MailboxGuid;TotalItemSize\n" + GUID + ";" + size + "\n";

        assertThat(read(csv, StandardCharsets.UTF_8).getFirst().content())
                .isEqualTo(new MailboxRow.Figures(0, 1_610_612_736L));
    }

    @Test
    void namesEveryWrongRowAndQuotesNone() {
        String csv = "PrimarySmtpAddress,ExchangeGuid,TotalItemSize\n"
                + "ada@contoso.example," + GUID + ",1 KB (1\u00a0024 bytes)\n"
                + "not-an-address," + GUID + ",\n"
                + ",,5\n"
                + "grace@contoso.example,no-guid,1.5 GB\n"
                + "lin@contoso.example\n";

        Problem problem = problem(csv);

        assertThat(problem.field()).isEqualTo("rows[2].PrimarySmtpAddress");
        assertThat(problem.detail())
                .contains("Row 2, PrimarySmtpAddress", "Row 3 names no mailbox", "Row 4, ExchangeGuid")
                .contains("Row 4, TotalItemSize", "Row 5 has not as many fields as the header")
                .doesNotContain("not-an-address")
                .doesNotContain("Row 1,");
    }

    @Test
    void refusesWhatIsNoListOfMailboxes() {
        assertThat(problem("DisplayName\nAda\n").field()).isEqualTo("header");
        assertThat(problem("").field()).isEqualTo("header");
        assertThat(problem("MailboxGuid,mailboxguid\n").field()).isEqualTo("header");
        assertThat(problem("MailboxGuid\n\"" + GUID + "\"x\n").field()).isEqualTo("body");
        assertThat(problem("MailboxGuid\n\"" + GUID).field()).isEqualTo("body");
    }

    @Test
    void stopsAtARowThatNeverEndsAndAtTooManyRows() {
        InputStream endless = new SequenceInputStream(Collections.enumeration(
                List.of(new ByteArrayInputStream("MailboxGuid\n\"".getBytes(StandardCharsets.UTF_8)), new Endless())));
        assertThat(problem(endless).detail()).contains("longer than");

        StringBuilder many = new StringBuilder("MailboxGuid\n");
        IntStream.range(0, 50_001).forEach(row -> many.append(new UUID(1, row)).append('\n'));
        assertThat(problem(many.toString()).status()).isEqualTo(413);
    }

    /** More than any heap holds. */
    private static final class Endless extends InputStream {
        @Override
        public int read() {
            return 'x';
        }
    }

    private static List<MailboxRow> read(String csv, Charset charset) {
        return MailboxCsv.read(new ByteArrayInputStream(csv.getBytes(charset)));
    }

    private static Problem problem(String csv) {
        return problem(new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)));
    }

    private static Problem problem(InputStream csv) {
        return catchThrowableOfType(ProblemException.class, () -> MailboxCsv.read(csv))
                .problem();
    }
}
