package city.madang.records.verification;

import city.madang.kit.html.Html;
import city.madang.records.pages.BilingualPage;
import city.madang.records.pages.Language;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pages of verification: where a file is dropped, what is proven about it, and what stands behind a record's QR code. */
final class VerifyPage extends BilingualPage {

    VerifyPage(Language language) {
        super(language);
    }

    @Override
    protected String site() {
        return say("마당시 문서 확인", "Madang: check a document");
    }

    @Override
    protected String siteHref() {
        return "/records/verify";
    }

    @Override
    protected String footer() {
        return say(
                "인터넷 없이도 확인할 수 있습니다: ./madang verify", "It can be checked without the Internet, too: ./madang verify");
    }

    String of(RecordState record) {
        boolean good = record.log().logged();
        String name = Html.escaped(record.agencyName().getOrDefault(language(), record.agency()));
        StringBuilder body = new StringBuilder();
        String verdict = !good
                ? say("이 기록을 확인할 수 없습니다", "This record cannot be confirmed")
                : switch (record.state()) {
                    case "expired" -> say("봉인된 기록이나 유효 기간이 지났습니다", "A sealed record whose validity has ended");
                    case "superseded" -> say("새 기록으로 대체된 기록입니다", "A newer record has taken this one's place");
                    case "revoked" -> say("철회된 기록입니다", "This record was revoked");
                    default -> say("봉인된 유효한 기록입니다", "A valid, sealed record");
                };
        body.append(verdict(verdict, good && record.state().equals("sealed") ? Tone.GOOD : good ? Tone.OPEN : Tone.BAD))
                .append("<dl>\n");
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
                        + "<br><a href=\"" + Html.escaped(record.log().url()) + "/checkpoint\">"
                        + say("서명된 체크포인트", "signed checkpoint") + "</a>");
        RecordState.@Nullable Anchor anchor = record.anchor();
        row(body, say("블록체인 고정", "Anchored"), anchor == null ? say("아직 고정되지 않음", "not yet") : where(anchor));
        body.append("</dl>\n<p>")
                .append(say(
                        "이 페이지는 기록이 존재하고 기관이 봉인했다는 사실만 보여 줍니다. 가지고 있는 PDF가 바로 그 문서인지는 PDF를 검증하여 확인하십시오.",
                        "This page shows only that the record exists and that the agency sealed it. Whether the PDF"
                                + " before you is that record shows when you have the PDF itself verified."))
                .append("</p>\n");
        body.append("<h2>")
                .append(say("가지고 있는 파일 확인", "Check the file you have"))
                .append("</h2>\n")
                .append(form());
        return page(verdict, body.toString());
    }

    /** The contract on its chain, the block, and the transaction that anyone with access to the chain can look up. */
    private String where(RecordState.Anchor anchor) {
        return say("체인 ", "chain ") + anchor.chainId() + say(", 계약 ", ", contract ") + "<code>"
                + Html.escaped(anchor.contract()) + "</code><br>" + say("블록 ", "block ") + anchor.blockNumber() + ", "
                + time(anchor.anchored()) + say(", 로그 크기 ", ", log size ") + anchor.size() + "<br>"
                + say("거래 ", "transaction ") + "<code>" + Html.escaped(anchor.transactionHash()) + "</code>";
    }

    String unknown() {
        String verdict = say("그런 기록이 없습니다", "There is no such record");
        return page(verdict, verdict(verdict, Tone.BAD) + form());
    }

    /** Where a file is dropped. A browser's own file field takes dropped files, so no script is needed. */
    String drop() {
        String title = say("문서 확인", "Check a document");
        return page(
                title,
                "<h1>" + title + "</h1>\n<p class=\"lead\">"
                        + say(
                                "마당시의 기관이 봉인한 문서인지, 그 뒤에 바뀌지 않았는지, 지금도 효력이 있는지 확인합니다. 파일은 확인하는 동안만 쓰이고 저장되지 않습니다.",
                                "See whether an agency of the city sealed it, whether it was changed since, and whether it still stands. The file"
                                        + " is used while it is checked, and not kept.")
                        + "</p>\n" + form());
    }

    private String form() {
        return """
                <form class="drop" action="/records/verify?lang=%s" method="post" enctype="multipart/form-data">
                <label for="file">%s</label>
                <input id="file" name="file" type="file" required accept=".pdf,.json,.tlog-proof,application/pdf,application/json">
                <details><summary>%s</summary>
                <label for="proof">%s</label>
                <input class="small" id="proof" name="proof" type="file" accept=".tlog-proof">
                </details>
                <button>%s</button>
                </form>
                """
                .formatted(
                        language(),
                        say(
                                "PDF, JSON 기록 또는 로그 증명(.tlog-proof)을 여기에 놓거나 고르십시오 (20 MB까지)",
                                "Drop or choose a PDF, a JSON record or a log proof (.tlog-proof), up to 20 MB"),
                        say("로그 증명을 함께 보내기", "Send its log proof along"),
                        say("이 문서의 .tlog-proof", "The document's .tlog-proof"),
                        say("확인", "Check"));
    }

    /** What is proven about a file that was dropped, and what is not. */
    String of(Report report) {
        String verdict = report.says().in(language());
        StringBuilder body = new StringBuilder(verdict(
                verdict,
                report.valid() || report.conclusion().equals("logged")
                        ? Tone.GOOD
                        : report.conclusion().equals("not_proven") ? Tone.OPEN : Tone.BAD));
        list(body, say("증명된 것", "What is proven"), report, "proven");
        list(body, say("사실과 다른 것", "What does not hold"), report, "refuted");
        list(body, say("증명되지 않은 것", "What is not proven"), report, "not_shown");
        body.append("<dl>\n");
        if (report.record() != null) {
            row(
                    body,
                    say("문서 번호", "Record"),
                    "<a href=\"/records/verify/" + report.record() + "?lang=" + language() + "\"><code>"
                            + report.record() + "</code></a>");
        }
        row(body, "SHA-256", "<code>" + report.sha256() + "</code>");
        body.append("</dl>\n<p class=\"lead\">")
                .append(say(
                        "이 확인은 누가 봉인했는지, 그 뒤에 바뀌었는지를 보여 줍니다. 적힌 내용이 사실인지, 가져온 사람이 그 사람인지는 보여 주지 않습니다.",
                        "This shows who sealed the file and whether it was changed since. It does not show that what it says is true, nor"
                                + " that whoever brings it is the person it names."))
                .append("</p>\n<h2>")
                .append(say("다른 문서 확인", "Check another document"))
                .append("</h2>\n")
                .append(form());
        return page(verdict, body.toString());
    }

    private void list(StringBuilder body, String title, Report report, String status) {
        List<Report.Check> checks = report.checks().stream()
                .filter(check -> check.status().equals(status))
                .toList();
        if (checks.isEmpty()) {
            return;
        }
        String mark =
                switch (status) {
                    case "proven" -> "✓";
                    case "refuted" -> "✗";
                    default -> "?";
                };
        body.append("<h2>").append(title).append("</h2>\n<ul class=\"checks\">\n");
        for (Report.Check check : checks) {
            body.append("<li class=\"")
                    .append(status)
                    .append("\"><b aria-hidden=\"true\">")
                    .append(mark)
                    .append("</b><span>")
                    .append(Html.escaped(check.says().in(language())))
                    .append("</span></li>\n");
        }
        body.append("</ul>\n");
    }

    /** A refusal, where a browser asked. */
    String refused(String ko, String en) {
        String says = say(ko, en);
        return page(says, verdict(says, Tone.OPEN) + form());
    }

    private enum Tone {
        GOOD("good", "✓"),
        BAD("bad", "✗"),
        OPEN("open", "?");

        private final String style;
        private final String sign;

        Tone(String style, String sign) {
            this.style = style;
            this.sign = sign;
        }
    }

    private static String verdict(String says, Tone tone) {
        return "<div class=\"verdict " + tone.style + "\"><span class=\"sign\" aria-hidden=\"true\">" + tone.sign
                + "</span><h1>" + Html.escaped(says) + "</h1></div>\n";
    }
}
