package io.mailferry.simulator.mail;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A language as mail writes it: its charset, the transfer encodings it is seen with, and words in it. */
enum Script {
    ENGLISH(
            "us-ascii",
            List.of(TransferEncoding.SEVEN_BIT, TransferEncoding.QUOTED_PRINTABLE),
            List.of("Quarterly figures", "Minutes of the meeting", "Your order", "Re: schedule", "Fwd: contract"),
            List.of(
                    "Please find the figures for the last quarter below.",
                    "The meeting has been moved to Thursday, a quarter past nine.",
                    "From what we know today the delivery will arrive in the second week.",
                    "Kind regards, and thank you for your patience in this matter.",
                    ".A line that begins with a dot, and one that begins with From.")),
    UTF8(
            "utf-8",
            List.of(TransferEncoding.EIGHT_BIT, TransferEncoding.QUOTED_PRINTABLE, TransferEncoding.BASE64),
            List.of("Überprüfung – Ω 中文 ✓", "Résumé 📎 naïve", "Ελληνικά και Русский", "मीटिंग के नोट्स", "שלום עולם"),
            List.of(
                    "Grüße aus Köln, свежие новости, καλημέρα, こんにちは, 안녕하세요.",
                    "Emoji outside the base plane: 😀 🚢 📦, and a combining é.",
                    "עברית ועربية في سطر واحد, both directions in one line.",
                    "Ein Satz mit „Anführungszeichen“, Gedankenstrich – und Auslassung …")),
    LATIN1(
            "iso-8859-1",
            List.of(TransferEncoding.EIGHT_BIT, TransferEncoding.QUOTED_PRINTABLE),
            List.of("Änderung der Lieferadresse", "Réunion annulée", "Año nuevo", "Møde på torsdag"),
            List.of(
                    "Sehr geehrte Damen und Herren, anbei die gewünschten Unterlagen.",
                    "Veuillez trouver ci-joint le procès-verbal de la réunion.",
                    "Mañana por la mañana llegará el envío a la dirección señalada.")),
    LATIN9(
            "iso-8859-15",
            List.of(TransferEncoding.EIGHT_BIT, TransferEncoding.QUOTED_PRINTABLE),
            List.of("Rechnung über 1.250 €", "Cœur de métier", "Œuvre complète"),
            List.of("Der Betrag von 1.250 € ist bis Monatsende fällig.", "L'œuvre coûte 300 €, Ÿ compris.")),
    WINDOWS(
            "windows-1252",
            List.of(TransferEncoding.EIGHT_BIT, TransferEncoding.QUOTED_PRINTABLE, TransferEncoding.BASE64),
            List.of("It’s “urgent” – please read", "Angebot „Frühjahr“ – 20 %"),
            List.of("It’s what we call “smart quotes” – and they cost 5 €.", "Straße, Größe, Maß … und so weiter.")),
    CYRILLIC(
            "koi8-r",
            List.of(TransferEncoding.EIGHT_BIT, TransferEncoding.BASE64, TransferEncoding.QUOTED_PRINTABLE),
            List.of("Отчёт за квартал", "Перенос встречи", "Счёт на оплату"),
            List.of(
                    "Прошу направить копию договора до конца недели.",
                    "Встреча перенесена на четверг, на десять утра.")),
    JAPANESE(
            "shift_jis",
            List.of(TransferEncoding.EIGHT_BIT, TransferEncoding.BASE64),
            List.of("会議の議事録", "納期についてのご連絡", "表示ソフト十能"),
            List.of("いつもお世話になっております。", "添付の資料をご確認ください。", "表計算ソフトの予定表をお送りします。")),
    JAPANESE_JIS(
            "iso-2022-jp",
            List.of(TransferEncoding.SEVEN_BIT),
            List.of("お見積りの件", "来週の予定"),
            List.of("お見積書をお送りいたします。", "よろしくお願いいたします。")),
    CHINESE(
            "gb2312",
            List.of(TransferEncoding.EIGHT_BIT, TransferEncoding.BASE64, TransferEncoding.QUOTED_PRINTABLE),
            List.of("季度报告", "会议通知", "合同草案"),
            List.of("请查收附件中的季度报告。", "会议改到星期四上午九点。")),
    CHINESE_TRADITIONAL(
            "big5",
            List.of(TransferEncoding.EIGHT_BIT, TransferEncoding.BASE64),
            List.of("會議記錄", "訂單確認", "許功蓋"),
            List.of("請參閱附件中的會議記錄。", "許先生,功課已經完成,請確認。")),
    UTF16(
            "utf-16",
            List.of(TransferEncoding.BASE64),
            List.of("Ūdens līmenis", "Žluťoučký kůň"),
            List.of("Příliš žluťoučký kůň úpěl ďábelské ódy.", "Ātrā brūnā lapsa lec pāri slinkajam sunim."));

    final String charsetName;
    final Charset charset;
    final List<TransferEncoding> encodings;
    final List<String> subjects;
    private final List<byte[]> sentences;

    Script(String charsetName, List<TransferEncoding> encodings, List<String> subjects, List<String> sentences) {
        this.charsetName = charsetName;
        // Named utf-16 and written little-endian with a mark, as the mailers do that use it at all.
        this.charset = charsetName.equals("utf-16") ? StandardCharsets.UTF_16LE : Charset.forName(charsetName);
        this.encodings = encodings;
        this.subjects = subjects;
        Charset encoder = this.charset;
        this.sentences = sentences.stream()
                .map(text -> (text + "\r\n").getBytes(encoder))
                .toList();
    }

    byte[] sentence(Chance chance) {
        return chance.pick(sentences);
    }

    byte[] encode(String text) {
        return text.getBytes(charset);
    }

    byte[] byteOrderMark() {
        return this == UTF16 ? new byte[] {(byte) 0xFF, (byte) 0xFE} : new byte[0];
    }
}
