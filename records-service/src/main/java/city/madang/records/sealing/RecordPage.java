package city.madang.records.sealing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** The face of a record as XHTML, both languages side by side; every value from outside is escaped. */
final class RecordPage {

    /** The city's clock: dates on paper are local. */
    private static final ZoneId CITY = ZoneId.of("Asia/Seoul");

    private RecordPage() {}

    /** @param qr PNG of the verify address, base64 */
    static String html(
            SealingJob job,
            String agencyKo,
            String agencyEn,
            Instant issued,
            Instant validUntil,
            String verifyUrl,
            String qr) {
        StringBuilder rows = new StringBuilder();
        for (SealingJob.Line line : job.lines()) {
            rows.append("<tr><th>")
                    .append(escape(line.ko()))
                    .append("<br/><span class=\"en\">")
                    .append(escape(line.en()))
                    .append("</span></th><td>")
                    .append(escape(line.value()))
                    .append("</td></tr>\n");
        }
        return """
                <html lang="ko"><head><title>%s</title>
                <meta name="author" content="%s"/><meta name="subject" content="%s"/>
                <style>
                @page { size: A4; margin: 22mm 20mm; }
                body { font-family: 'Nanum Gothic'; font-size: 10.5pt; color: #16202a; line-height: 1.45; }
                .agency { font-size: 11pt; color: #35506b; border-bottom: 1.5pt solid #35506b; padding-bottom: 3mm; }
                h1 { font-size: 22pt; margin: 10mm 0 0 0; }
                .en { color: #55616d; font-weight: normal; font-size: 9pt; }
                h1 .en { font-size: 13pt; }
                table.facts { width: 100%%; border-collapse: collapse; margin-top: 9mm; }
                table.facts th { text-align: left; width: 38%%; font-weight: bold; vertical-align: top; }
                table.facts th, table.facts td { border-bottom: 0.5pt solid #c5ced6; padding: 2.4mm 1mm; }
                table.facts td { font-size: 12pt; vertical-align: top; word-wrap: break-word; }
                table.foot { width: 100%%; margin-top: 12mm; }
                table.foot td { vertical-align: top; }
                .small { font-size: 8.5pt; color: #35424e; }
                </style></head><body>
                <div class="agency">%s · %s</div>
                <h1>%s<br/><span class="en">%s</span></h1>
                <table class="facts">
                %s</table>
                <table class="foot"><tr><td style="width: 34mm"><img alt="QR" src="data:image/png;base64,%s"
                 style="width: 30mm; height: 30mm"/></td><td class="small">
                문서 번호 <span class="en">Record</span><br/><b>%s</b><br/><br/>
                발급일 <span class="en">Issued</span> <b>%s</b> &#160; 유효 기간 <span class="en">Valid until</span> <b>%s</b><br/><br/>
                이 문서는 전자 봉인되었으며 아래 주소에서 확인할 수 있습니다.<br/>
                <span class="en">This record is sealed electronically. Check it at</span><br/>%s
                </td></tr></table>
                </body></html>
                """
                .formatted(
                        escape(job.titleKo()),
                        escape(agencyKo),
                        escape(job.record().toString()),
                        escape(agencyKo),
                        escape(agencyEn),
                        escape(job.titleKo()),
                        escape(job.titleEn()),
                        rows,
                        qr,
                        job.record(),
                        LocalDate.ofInstant(issued, CITY),
                        LocalDate.ofInstant(validUntil, CITY),
                        escape(verifyUrl));
    }

    /** For text and double-quoted attributes; characters that XML 1.0 has not are dropped. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints()
                .filter(c -> c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f && c != 0xfffe && c != 0xffff))
                .filter(c -> c < 0xd800 || c > 0xdfff)
                .forEach(c -> {
                    switch (c) {
                        case '&' -> escaped.append("&amp;");
                        case '<' -> escaped.append("&lt;");
                        case '>' -> escaped.append("&gt;");
                        case '"' -> escaped.append("&quot;");
                        case '\'' -> escaped.append("&#39;");
                        default -> escaped.appendCodePoint(c);
                    }
                });
        return escaped.toString();
    }
}
