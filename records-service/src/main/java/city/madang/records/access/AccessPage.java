package city.madang.records.access;

import city.madang.kit.html.Html;
import city.madang.records.Page;
import city.madang.records.pages.BilingualPage;
import city.madang.records.pages.Language;

/** The citizen's page of who read what and why. */
final class AccessPage extends BilingualPage {

    private final String origin;

    AccessPage(Language language, String origin) {
        super(language);
        this.origin = origin;
    }

    @Override
    protected String site() {
        return say("마당시 열람 기록", "Madang: who read my records");
    }

    @Override
    protected String siteHref() {
        return "/records/accesses";
    }

    @Override
    protected String footer() {
        return say(
                "기록을 열람하기 전에 반드시 공개 로그에 남습니다. 각 항목의 증명으로 직접 확인할 수 있습니다.",
                "Every reading is in the public log before the record opens. The proof beside each entry lets you check that.");
    }

    String of(Page<Accesses.Access> page) {
        StringBuilder body = new StringBuilder();
        String title = say("누가 내 기록을 보았나", "Who read my records");
        body.append("<h1>").append(title).append("</h1>\n");
        if (page.items().isEmpty()) {
            body.append("<p>")
                    .append(say("아직 열람한 사람이 없습니다.", "Nobody has read any yet."))
                    .append("</p>\n");
        }
        page.items().forEach(access -> entry(body, access));
        if (page.next() != null) {
            body.append("<p><a rel=\"next\" href=\"?lang=")
                    .append(language())
                    .append("&amp;after=")
                    .append(page.next())
                    .append("\">")
                    .append(say("이전 항목", "Earlier entries"))
                    .append("</a></p>\n");
        }
        return page(title, body.toString());
    }

    private void entry(StringBuilder body, Accesses.Access access) {
        Grounds grounds = access.grounds();
        body.append(grounds.breakGlass() ? "<article class=\"emergency\">" : "<article>")
                .append("<h2>")
                .append(Html.escaped(say(access.titleKo(), access.titleEn())))
                .append("</h2>\n");
        if (grounds.breakGlass()) {
            body.append("<p><strong>").append(say("비상 열람", "Emergency access")).append("</strong></p>\n");
        }
        body.append("<dl>");
        row(body, say("언제", "When"), time(access.at()));
        row(body, say("누가", "Who"), Html.escaped(reader(access.reader())));
        row(body, say("왜", "Why"), Html.escaped(say(grounds.purposeKo(), grounds.purposeEn())));
        row(body, say("법적 근거", "Legal basis"), Html.escaped(say(grounds.basisKo(), grounds.basisEn())));
        row(
                body,
                say("증명", "Proof"),
                say("로그 항목 ", "entry ") + access.logIndex() + say(" · ", " of the log of ")
                        + Html.escaped(access.agency()) + " · <a href=\"" + Html.escaped(origin) + "/records/accesses/"
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
}
