package city.madang.records.verification;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The page behind a record's QR code, in Korean or English; without scripts and without anything fetched. */
final class VerifyPage {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.of("Asia/Seoul"));

    private final boolean korean;

    VerifyPage(boolean korean) {
        this.korean = korean;
    }

    String of(RecordState record) {
        boolean good = record.log().logged();
        String name = escape(record.agencyName().getOrDefault(korean ? "ko" : "en", record.agency()));
        StringBuilder body = new StringBuilder();
        String verdict = !good
                ? say("이 기록을 확인할 수 없습니다", "This record cannot be confirmed")
                : switch (record.state()) {
                    case "expired" -> say("봉인된 기록이나 유효 기간이 지났습니다", "A sealed record whose validity has ended");
                    case "superseded" -> say("새 기록으로 대체된 기록입니다", "A newer record has taken this one's place");
                    case "revoked" -> say("철회된 기록입니다", "This record was revoked");
                    default -> say("봉인된 유효한 기록입니다", "A valid, sealed record");
                };
        body.append("<h1>").append(verdict).append("</h1>\n<dl>\n");
        row(body, say("문서 번호", "Record"), "<code>" + record.record() + "</code>");
        row(body, say("봉인한 기관", "Sealed by"), name);
        row(body, say("발급", "Issued"), time(record.issued()));
        row(body, say("유효 기간", "Valid until"), time(record.validUntil()));
        row(
                body,
                say("공개 로그", "Public log"),
                say(
                                "%d번째 항목으로 기록됨 (전체 %d)"
                                        .formatted(
                                                record.log().index(),
                                                record.log().size()),
                                "entry %d of a log of %d"
                                        .formatted(
                                                record.log().index(),
                                                record.log().size()))
                        + "<br><a href=\"" + escape(record.log().url()) + "/checkpoint\">"
                        + say("서명된 체크포인트", "signed checkpoint") + "</a>");
        RecordState.@Nullable Anchor anchor = record.anchor();
        row(
                body,
                say("블록체인 고정", "Anchored"),
                anchor == null
                        ? say("아직 고정되지 않음", "not yet")
                        : say("블록 ", "block ") + anchor.blockNumber() + ", " + time(anchor.anchored()) + "<br><code>"
                                + escape(anchor.transactionHash()) + "</code>");
        body.append("</dl>\n<p>")
                .append(say(
                        "이 페이지는 기록이 존재하고 기관이 봉인했다는 사실만 보여 줍니다. 가지고 있는 PDF가 바로 그 문서인지는 PDF를 검증하여 확인하십시오.",
                        "This page shows only that the record exists and that the agency sealed it. Whether the PDF"
                                + " before you is that record shows when you have the PDF itself verified."))
                .append("</p>\n");
        return page(verdict, good, body.toString());
    }

    String unknown() {
        String verdict = say("그런 기록이 없습니다", "There is no such record");
        return page(verdict, false, "<h1>" + verdict + "</h1>\n");
    }

    private String page(String title, boolean good, String body) {
        return """
                <!DOCTYPE html>
                <html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%s</title><style>
                body { font: 1.05rem/1.6 system-ui, sans-serif; color: #16202a; background: #fff; max-width: 42rem;
                  margin: 0 auto; padding: 1.5rem; }
                h1 { font-size: 1.6rem; border-left: .4rem solid %s; padding-left: .8rem; }
                dt { font-weight: 600; margin-top: 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
                a { color: #0b4f8a; } code { font-size: .9em; }
                </style></head><body><main>
                %s</main></body></html>
                """
                .formatted(korean ? "ko" : "en", title, good ? "#1d7a46" : "#b3261e", body);
    }

    private static void row(StringBuilder body, String term, String value) {
        body.append("<dt>").append(term).append("</dt><dd>").append(value).append("</dd>\n");
    }

    private String say(String ko, String en) {
        return korean ? ko : en;
    }

    private static String time(Instant at) {
        return TIME.format(at) + " KST";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
