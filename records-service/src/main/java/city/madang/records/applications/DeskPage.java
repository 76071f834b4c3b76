package city.madang.records.applications;

import city.madang.kit.html.Html;
import city.madang.records.Page;
import city.madang.records.pages.BilingualPage;
import city.madang.records.pages.Language;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The officers' page of what is under review at their agency; nothing of what applicants wrote is on it. */
final class DeskPage extends BilingualPage {

    private final ReviewQueue.Show show;
    private final @Nullable String service;

    /** @param service the only one that is shown, if any */
    DeskPage(Language language, ReviewQueue.Show show, @Nullable String service) {
        super(language);
        this.show = show;
        this.service = service;
    }

    @Override
    protected String site() {
        return say("마당시 심사 업무", "Madang: the officers' desk");
    }

    @Override
    protected String siteHref() {
        return "/records/reviews";
    }

    @Override
    protected String query() {
        return query(show);
    }

    private String query(ReviewQueue.Show shown) {
        return "&amp;show=" + shown.name().toLowerCase(Locale.ROOT)
                + (service == null ? "" : "&amp;service=" + service);
    }

    @Override
    protected String footer() {
        return say(
                "기한이 먼저인 신청이 먼저 나옵니다. 신청 내용은 여기에 나오지 않습니다.",
                "What is due first comes first. Nothing of what applicants wrote stands here.");
    }

    String of(Page<ReviewQueue.Item> page) {
        String title = say("심사할 신청", "Applications under review");
        StringBuilder body = new StringBuilder();
        body.append("<h1>").append(title).append("</h1>\n<nav class=\"tabs\">");
        for (ReviewQueue.Show one : ReviewQueue.Show.values()) {
            body.append("<a href=\"?lang=")
                    .append(language())
                    .append(query(one))
                    .append(one == show ? "\" aria-current=\"page\">" : "\">")
                    .append(tab(one))
                    .append("</a> ");
        }
        body.append("</nav>\n");
        if (page.items().isEmpty()) {
            body.append("<p>").append(say("없습니다.", "There are none.")).append("</p>\n");
        } else {
            table(body, page);
        }
        if (page.next() != null) {
            body.append("<p><a rel=\"next\" href=\"?lang=")
                    .append(language())
                    .append(query())
                    .append("&amp;after=")
                    .append(page.next())
                    .append("\">")
                    .append(say("다음", "More"))
                    .append("</a></p>\n");
        }
        return page(title, body.toString());
    }

    private void table(StringBuilder body, Page<ReviewQueue.Item> page) {
        body.append("<table><thead><tr>");
        for (String head : new String[] {
            say("신청", "Application"), say("접수", "Submitted"), say("상태", "State"), say("기한", "Due"), say("담당", "Officer")
        }) {
            body.append("<th scope=\"col\">").append(head).append("</th>");
        }
        body.append("</tr></thead><tbody>\n");
        page.items().forEach(item -> line(body, item));
        body.append("</tbody></table>\n");
    }

    private void line(StringBuilder body, ReviewQueue.Item item) {
        body.append("<tr><td><a href=\"/records/applications/")
                .append(item.application())
                .append("/progress?lang=")
                .append(language())
                .append("\">")
                .append(Html.escaped(item.service()))
                .append("</a><br><code>")
                .append(item.application())
                .append("</code></td><td>")
                .append(time(item.submitted()))
                .append("</td><td>")
                .append(state(item))
                .append("</td><td>")
                .append(due(item))
                .append("</td><td>")
                .append(
                        item.mine()
                                ? say("나", "me")
                                : item.claimed() ? say("다른 담당자", "another officer") : say("없음", "nobody"))
                .append("</td></tr>\n");
    }

    private String state(ReviewQueue.Item item) {
        String state =
                item.state().equals("asked") ? say("답을 기다림", "waits for the applicant") : say("심사 중", "to be decided");
        return item.round() > 1 ? state + say(" (이의 신청)", " (appeal)") : state;
    }

    private String due(ReviewQueue.Item item) {
        if (item.due() == null) {
            return item.answerUntil() == null ? "–" : say("답변 ", "answer by ") + time(item.answerUntil());
        }
        return time(item.due())
                + (item.overdue() ? " <strong class=\"late\">" + say("지남", "overdue") + "</strong>" : "");
    }

    private String tab(ReviewQueue.Show one) {
        return switch (one) {
            case OPEN -> say("대기", "Open");
            case MINE -> say("내 업무", "Mine");
            case ALL -> say("모두", "All");
        };
    }
}
