package city.madang.records.access;

import city.madang.records.Page;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** The citizen's page of who read what and why, in Korean or English; without scripts and without anything fetched. */
final class AccessPage {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.of("Asia/Seoul"));

    private final boolean korean;
    private final String origin;

    AccessPage(boolean korean, String origin) {
        this.korean = korean;
        this.origin = origin;
    }

    String of(Page<Accesses.Access> page) {
        StringBuilder body = new StringBuilder();
        String title = say("누가 내 기록을 보았나", "Who read my records");
        body.append("<h1>").append(title).append("</h1>\n<p>");
        body.append(
                        say(
                                "기록을 열람하기 전에 반드시 공개 로그에 남습니다. 각 항목의 증명으로 직접 확인할 수 있습니다.",
                                "Every reading is in the public log before the record opens. The proof beside each entry lets you check that."))
                .append("</p>\n");
        if (page.items().isEmpty()) {
            body.append("<p>")
                    .append(say("아직 열람한 사람이 없습니다.", "Nobody has read any yet."))
                    .append("</p>\n");
        }
        page.items().forEach(access -> entry(body, access));
        if (page.next() != null) {
            body.append("<p><a rel=\"next\" href=\"?after=")
                    .append(page.next())
                    .append("\">")
                    .append(say("이전 항목", "Earlier entries"))
                    .append("</a></p>\n");
        }
        return """
                <!DOCTYPE html>
                <html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%s</title><style>
                body { font: 1.05rem/1.6 system-ui, sans-serif; color: #16202a; background: #fff; max-width: 46rem;
                  margin: 0 auto; padding: 1.5rem; }
                h1 { font-size: 1.6rem; } article { border-left: .3rem solid #35506b; padding: .2rem 0 .2rem 1rem; margin: 1.2rem 0; }
                article.emergency { border-color: #b3261e; } h2 { font-size: 1.1rem; margin: 0; }
                dt { font-weight: 600; } dd { margin: 0 0 .4rem 0; overflow-wrap: anywhere; } a { color: #0b4f8a; }
                </style></head><body><main>
                %s</main></body></html>
                """
                .formatted(korean ? "ko" : "en", title, body);
    }

    private void entry(StringBuilder body, Accesses.Access access) {
        Grounds grounds = access.grounds();
        body.append(grounds.breakGlass() ? "<article class=\"emergency\">" : "<article>")
                .append("<h2>")
                .append(escape(korean ? access.titleKo() : access.titleEn()))
                .append("</h2>\n");
        if (grounds.breakGlass()) {
            body.append("<p><strong>").append(say("비상 열람", "Emergency access")).append("</strong></p>\n");
        }
        body.append("<dl>");
        row(body, say("언제", "When"), "<time datetime=\"" + access.at() + "\">" + time(access.at()) + "</time>");
        row(body, say("누가", "Who"), escape(reader(access.reader())));
        row(body, say("왜", "Why"), escape(korean ? grounds.purposeKo() : grounds.purposeEn()));
        row(body, say("법적 근거", "Legal basis"), escape(korean ? grounds.basisKo() : grounds.basisEn()));
        row(
                body,
                say("증명", "Proof"),
                say("로그 항목 ", "entry ") + access.logIndex() + say(" · ", " of the log of ")
                        + escape(access.agency()) + " · <a href=\"" + escape(origin) + "/records/accesses/"
                        + access.id()
                        + "/proof\">.tlog-proof</a>");
        body.append("</dl></article>\n");
    }

    private String reader(Reader reader) {
        return switch (reader.kind()) {
            case Reader.OFFICER -> say(reader.agency() + " 담당 공무원", "an officer of " + reader.agency());
            case Reader.AGENCY -> say(reader.agency() + " 시스템", "a system of " + reader.agency());
            default -> say("시민 ", "citizen ") + reader.subject();
        };
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
